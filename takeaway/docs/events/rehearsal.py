"""One step of one order, rehearsed in memory: what it publishes is kept, and a port can be told to fail."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal, cast

from contexts.orders.application.ports import Conflict, MessageNotSent, Ports, PublishingFailed
from contexts.orders.domain.errors import OrdersError
from contexts.orders.domain.money import Money
from contexts.orders.domain.order import Customer, Item, Order
from contexts.orders.published_events import Event
from contexts.orders.workflow.task import Step

Port = Literal["orders", "events", "messages"]
FAILING: tuple[Port | None, ...] = (None, "orders", "events", "messages")
FAILURES = (OrdersError, Conflict, MessageNotSent, PublishingFailed)
ANY_TIME = datetime(2026, 11, 23, 12, tzinfo=UTC)


def any_draft() -> Order:
    """An order as the workflow finds it when it begins."""
    return Order(
        order_id="6b0e2f0a-53f5-5f36-8f83-1d7d1c7e3a55",
        customer=Customer("customer", "Customer", "customer@example.com"),
        restaurant_id="restaurant",
        items=(Item("Dish", 1, Money(100, "EUR")),),
        delivery_address="",
        note="",
        request_hash="",
        received_at=ANY_TIME,
    )


@dataclass
class Rehearsal:
    """Every port that a step uses, in one; a step that needs another one fails here by its name.

    `order` is as it is stored, `published` what the bus took.
    """

    order: Order
    failing: Port | None = None
    published: list[Event] = field(default_factory=list)

    @property
    def orders(self) -> "Rehearsal":
        return self

    events = restaurants = customers = clock = orders

    def get(self, _order_id: str) -> Order:
        return self.order

    def save(self, before: Order, after: Order) -> None:
        if self.failing == "orders":
            raise Conflict(before.order_id)
        self.order = after

    def publish(self, events: Sequence[Event]) -> None:
        if self.failing == "events":
            raise PublishingFailed
        self.published += events

    def notify(self, order: Order) -> None:
        if self.failing == "messages":
            raise MessageNotSent(order.order_id)

    def now(self) -> datetime:
        return ANY_TIME


def rehearsed(step: Step, order: Order) -> Iterator[tuple[Rehearsal, bool]]:
    """Each way that a step can go, and whether it was done: undisturbed, and with one port failing."""
    for port in FAILING:
        ports = Rehearsal(order, failing=port)
        try:
            step(order.order_id, cast(Ports, ports))
        except FAILURES:
            yield ports, False
        else:
            yield ports, True
