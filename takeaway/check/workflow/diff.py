"""Compare each workflow of this folder with an earlier one, and find the open orders that a change would break."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from shared.asl.graph import Definition
from takeaway.check.workflow.breaks import Change
from takeaway.check.workflow.carrier import Carrier
from takeaway.check.workflow.changes import compare
from takeaway.check.workflow.executions import Open, coming_to
from takeaway.check.workflow.in_code import compare_code
from takeaway.facts import facts_of

GONE = Change("The workflow", "is gone, and every open execution with it", breaks=True, way="drain it first")


@dataclass(frozen=True)
class Finding:
    """A change of a context's workflow; `orders` are the ids of open orders that it breaks, if they were looked at."""

    context: str
    change: Change
    orders: tuple[str, ...] = ()


def diff(
    before: Mapping[str, Definition], after: Mapping[str, Definition], open_now: Sequence[Open] = ()
) -> list[Finding]:
    """List the changes by context, those that break first. A new workflow has none, because nothing of it is open."""
    return [finding for name, definition in before.items() for finding in _of(name, definition, after, open_now)]


def undrained(context: str, kept: frozenset[str], older: Sequence[Open]) -> list[Finding]:
    """List the functions that go although they are `kept` for `older` executions, some of which are open."""
    orders = tuple(each.order_id for each in older)
    gone = sorted(kept - facts_of(context).steps.keys()) if orders else ()
    what = "is gone; it was kept for orders that began before the last deployment, and some are open"
    way = "wait for them with `takeaway workflow drain`"
    return [Finding(context, Change(name, what, breaks=True, way=way), orders) for name in gone]


def diff_code(before: Mapping[str, str], after: Mapping[str, str]) -> list[Finding]:
    """List the changes of workflows in code, by the example that has them."""
    both = [name for name in before if name in after]
    return [Finding(name, change) for name in both for change in compare_code(before[name], after[name])]


def _of(name: str, before: Definition, after: Mapping[str, Definition], open_now: Sequence[Open]) -> Iterator[Finding]:
    changes = compare(before, Carrier.of(after[name], facts_of(name))) if name in after else [GONE]
    for change in changes:
        hit = coming_to(open_now, before, change.state) if change.breaks else ()
        yield Finding(name, change, tuple(each.order_id for each in hit))
