"""Change requests: what somebody asks for, as a patch of each system, and what each patch costs. Pure."""

from collections.abc import Sequence

from takeaway.compare.changes import ChangeCost
from takeaway.compare.findings import Cell, Found, named, number
from takeaway.wiring import Wiring

NOTHING = "nothing to do"


def costs(measured: Sequence[ChangeCost], wiring: Wiring) -> Found:
    return {name: cell for cost in measured if cost.system is wiring for name, cell in _costs(cost).items()}


def _costs(cost: ChangeCost) -> Found:
    what = cost.change.replace("-", " ")
    lines = f"+{cost.lines_added} −{cost.lines_removed}, tests +{cost.test_lines}"
    return {
        f"{what}: files": number(cost.files),
        f"{what}: lines": Cell(text=lines if cost.files else NOTHING, value=float(cost.lines_added)),
        f"{what}: stacks to redeploy": named(cost.stacks, NOTHING),
        f"{what}: contexts touched": named(cost.contexts, NOTHING),
    }
