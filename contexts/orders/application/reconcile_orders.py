"""Finds orders whose execution ended from outside and whose end nobody heard of: its event is delivered at best effort.

Looks back over several intervals, because a look that fails is made good by the next one, and closing is idempotent.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from typing import Protocol

from contexts.orders.application.ports import Clock, Ended, Executions, Orders

LOOK_BACK = timedelta(hours=6)
GRACE = timedelta(minutes=5)  # in which the event, which is the usual way, closes the order
MOST = 5_000  # executions that one look takes, the newest first


class ReconcilingPorts(Protocol):
    @property
    def clock(self) -> Clock: ...
    @property
    def executions(self) -> Executions: ...
    @property
    def orders(self) -> Orders: ...


@dataclass(frozen=True)
class Reconciled:
    """What one look found: executions that had ended, and of them those whose order was open all the same."""

    looked_at: int
    open: list[str]


def reconcile_orders(
    ports: ReconcilingPorts, *, look_back: timedelta = LOOK_BACK, grace: timedelta = GRACE
) -> Reconciled:
    """Have each such order closed, by the same queue and function as if the event had come."""
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
