"""Find orders that stayed open although their execution has ended, and have them closed.

Needed because AWS delivers the event of an execution's end at best effort: without it such an order would stay open for
ever. Each run looks back over several intervals, so that the next run makes up for one that fails; closing an order
twice is harmless.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from typing import Protocol

from contexts.orders.application.ports import Clock, Ended, Executions, Orders

LOOK_BACK = timedelta(hours=6)
GRACE = timedelta(minutes=5)  # left for the event, which closes the order in the usual case
MOST = 5_000  # executions that one run looks at, newest first


class ReconcilingPorts(Protocol):
    @property
    def clock(self) -> Clock: ...
    @property
    def executions(self) -> Executions: ...
    @property
    def orders(self) -> Orders: ...


@dataclass(frozen=True)
class Reconciled:
    """The result of one run.

    `looked_at` counts the executions that ended in time; `open` has the ids of the orders that were open all the same.
    """

    looked_at: int
    open: list[str]


def reconcile_orders(
    ports: ReconcilingPorts, *, look_back: timedelta = LOOK_BACK, grace: timedelta = GRACE
) -> Reconciled:
    """Have every such order closed, by the queue and function that would have received the event.

    Looks at executions that ended between `look_back` and `grace` ago.
    """
    now = ports.clock.now()
    ended = list(islice(ports.executions.ended(since=now - look_back, until=now - grace), MOST))
    still_open = list(_open(ended, ports.orders))
    ports.executions.have_closed(still_open)
    return Reconciled(len(ended), [each.order_id for each in still_open])


def _open(ended: list[Ended], orders: Orders) -> Iterator[Ended]:
    for each in ended:
        found = orders.find(each.order_id)
        if found and found.order.is_open:
            yield each
