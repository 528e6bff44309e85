"""Each workflow of this folder against an earlier one: what changes, and which open orders would not survive it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from shared.asl.graph import Definition
from takeaway.check.workflow.changes import Carrier, Change, compare
from takeaway.check.workflow.executions import Open, coming_to
from takeaway.facts import facts_of

GONE = Change("The workflow", "is gone, and every open execution with it", breaks=True, way="drain it first")


@dataclass(frozen=True)
class Finding:
    """A change of a context's workflow. `orders` are those open ones, if any were looked at, that it hits."""

    context: str
    change: Change
    orders: tuple[str, ...] = ()


def diff(
    before: Mapping[str, Definition], after: Mapping[str, Definition], open_now: Sequence[Open] = ()
) -> list[Finding]:
    """By context; what breaks comes first. A workflow that is new has nothing open."""
    return [finding for name, definition in before.items() for finding in _of(name, definition, after, open_now)]


def _of(name: str, before: Definition, after: Mapping[str, Definition], open_now: Sequence[Open]) -> Iterator[Finding]:
    changes = compare(before, Carrier.of(after[name], facts_of(name))) if name in after else [GONE]
    for change in changes:
        hit = coming_to(open_now, before, change.state) if change.breaks else ()
        yield Finding(name, change, tuple(each.order_id for each in hit))
