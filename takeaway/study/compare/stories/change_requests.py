"""Tell what change requests cost: each is a patch for each system."""

from collections.abc import Sequence

from takeaway.study.compare.changes import ChangeCost, Size, measured
from takeaway.study.compare.contender import Contender
from takeaway.study.compare.findings import Cell, Found, Told, named

NOTHING = "nothing to do"


def measure(contender: Contender, _: int) -> Sequence[ChangeCost]:
    return measured(contender.wiring)


def tell(_: Contender, costs: Sequence[ChangeCost]) -> Told:
    return Told({name: cell for cost in costs for name, cell in cells(cost).items()})


def cells(cost: ChangeCost) -> Found:
    what = cost.change.replace("-", " ")
    files, lines = str(cost.all.files), _lines(cost.all) if cost.all.files else NOTHING
    if cost.by_hand:
        files = f"{files}, by hand {cost.by_hand.files}"
        lines = f"{lines}; by hand {_lines(cost.by_hand)}"
    return {
        f"{what}: files": Cell(text=files, value=float(cost.all.files)),
        f"{what}: lines": Cell(text=lines, value=float(cost.all.lines_added)),
        f"{what}: stacks to redeploy": named(cost.stacks, NOTHING),
        f"{what}: contexts touched": named(cost.contexts, NOTHING),
    }


def _lines(size: Size) -> str:
    return f"+{size.lines_added} −{size.lines_removed}, tests +{size.test_lines}"
