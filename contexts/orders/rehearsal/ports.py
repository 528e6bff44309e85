"""Ports in memory for one step of one order: publications are kept, and one port can be told to fail."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Literal, cast

from contexts.orders.application.ports import Conflict, MessageNotSent, Ports, PublishingFailed
from contexts.orders.domain.errors import OrdersError
from contexts.orders.domain.order import Order
from contexts.orders.published_events import Event
from contexts.orders.workflow.steps import UseCase

Port = Literal["orders", "events", "messages"]
FAILING: tuple[Port | None, ...] = (None, "orders", "events", "messages")
FAILURES = (OrdersError, Conflict, MessageNotSent, PublishingFailed)
ANY_TIME = datetime(2026, 11, 23, 12, tzinfo=UTC)


@dataclass
class Rehearsal:
    """All ports that a step uses, in one object; a step that needs another port raises AttributeError with its name.

    `order` is the order as stored, `published` the events that the bus took, `used` the ports that the step used.
    """

    order: Order
    failing: Port | None = None
    published: list[Event] = field(default_factory=list)
    used: set[Port] = field(default_factory=set)

    @property
    def orders(self) -> "Rehearsal":
        return self

    events = restaurants = customers = clock = orders

    def get(self, _order_id: str) -> Order:
        return self.order

    def save(self, before: Order, after: Order) -> "Rehearsal":
        self.used.add("orders")
        if self.failing == "orders":
            raise Conflict(before.order_id)
        self.order = after
        return self

    def publish(self, events: Sequence[Event]) -> None:
        self.used.add("events")
        if self.failing == "events":
            raise PublishingFailed
        self.published += events

    def notify(self, order: Order) -> None:
        self.used.add("messages")
        if self.failing == "messages":
            raise MessageNotSent(order.order_id)

    def now(self) -> datetime:
        """Return a second after the order's last change."""
        return max([ANY_TIME, *self.order.changes.values()]) + timedelta(seconds=1)


def rehearsed(use_case: UseCase, order: Order) -> Iterator[tuple[Rehearsal, bool]]:
    """Yield each way that a step can go, with whether it was done: undisturbed first, then with each port failing."""
    for port in FAILING:
        ports = Rehearsal(order, failing=port)
        try:
            use_case(order.order_id, cast(Ports, ports))
        except FAILURES:
            yield ports, False
        else:
            yield ports, True
