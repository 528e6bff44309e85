"""The order: the request, the decisions about it, and the changes that were recorded so far."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from contexts.orders.domain.errors import IllegalTransition
from contexts.orders.domain.lifecycle import (
    LIFE,
    OPEN,
    RESTAURANT_NOTIFIED,
    Change,
    ChangeType,
    Completion,
    Decision,
    Status,
    change_to,
    status_after,
)
from contexts.orders.domain.money import Money, total_of
from contexts.orders.domain.refusals import NotPlacedYet, OrderNotWaiting, Refusal


@dataclass(frozen=True)
class Customer:
    customer_id: str
    name: str
    email: str


@dataclass(frozen=True)
class Item:
    name: str
    quantity: int
    unit_price: Money


@dataclass(frozen=True)
class OrderSummary:
    """The part of an order that lists show. `total` is None for orders placed before lists had one."""

    order_id: str
    status: Status
    restaurant_id: str
    customer_id: str
    total: Money | None
    received_at: datetime


@dataclass(frozen=True)
class Order:
    """An order, immutable: each method returns the order as it is afterwards.

    A method for a person's request may return a Refusal; one for a step of the workflow raises IllegalTransition.
    `changes` maps each recorded change to its time.
    """

    order_id: str
    customer: Customer
    restaurant_id: str
    items: tuple[Item, ...]
    delivery_address: str
    note: str
    received_at: datetime
    status: Status = Status.RECEIVED
    decision: Decision | None = None
    reason: str = ""
    completion: Completion | None = None
    changes: Mapping[Change, datetime] = field(default_factory=dict)

    @property
    def total(self) -> Money:
        return total_of(item.unit_price.times(item.quantity) for item in self.items)

    @property
    def summary(self) -> OrderSummary:
        customer_id, total = self.customer.customer_id, self.total
        return OrderSummary(self.order_id, self.status, self.restaurant_id, customer_id, total, self.received_at)

    @property
    def ended_at(self) -> datetime | None:
        """The time at which the final status was recorded; None while the order is open."""
        return None if self.is_open else self.changes[change_to(self.status)]

    @property
    def is_open(self) -> bool:
        return self.status in OPEN

    @property
    def history(self) -> list[tuple[Change, datetime]]:
        """The recorded changes, oldest first."""
        life = list(ChangeType)
        return sorted(self.changes.items(), key=lambda entry: (entry[1], life.index(entry[0].type)))

    def has(self, change: Change) -> bool:
        return change in self.changes

    def decide(self, decision: Decision, *, reason: str = "") -> "Order | Refusal":
        """Record that a person accepted, rejected or cancelled the order. The same decision again changes nothing."""
        if self.decision is decision:
            return self
        if self.status is Status.RECEIVED:
            return NotPlacedYet(self.order_id)
        if self.decision or self.status is not Status.PLACED:
            return OrderNotWaiting(self, decision)
        return replace(self, decision=decision, reason=reason)

    def deliver(self) -> "Order | Refusal":
        """Record that the restaurant has delivered.

        Allowed as soon as acceptance is decided, because the workflow may not have carried it out yet.
        """
        if self.completion is Completion.COMPLETED:
            return self
        if self.status is Status.RECEIVED:
            return NotPlacedYet(self.order_id)
        if self.completion or not self.is_open or self.decision is not Decision.ACCEPTED:
            return OrderNotWaiting(self, Completion.COMPLETED)
        return replace(self, completion=Completion.COMPLETED)

    def become(self, status: Status, at: datetime) -> "Order":
        """Take the next status. Raises IllegalTransition if the lifecycle or the decision forbids it."""
        if self.status not in LIFE[status].follows or not self._was_decided(status):
            raise IllegalTransition(self.order_id, self.status, f"to become {status}")
        return replace(self, status=status)._with(change_to(status), at)

    def expire(self, at: datetime) -> "Order":
        """Expire the order because nobody decided in time.

        A decision that came in the last moment stands instead: `decision` tells which.
        """
        return self if self.decision else replace(self, decision=Decision.EXPIRED).become(Status.EXPIRED, at)

    def time_out(self, at: datetime) -> "Order":
        """Close the order because it was not completed by its deadline.

        A completion that came in the last moment stands instead: `completion` tells.
        """
        return self if self.completion else replace(self, completion=Completion.TIMED_OUT).become(Status.TIMED_OUT, at)

    def restaurant_notified(self, at: datetime) -> "Order":
        return self._with(RESTAURANT_NOTIFIED, at)

    def user_notified(self, about: Status, at: datetime) -> "Order":
        return self._with(Change(ChangeType.USER_NOTIFIED, about=about), at)

    def end_for(self, *, timed_out: bool) -> Status:
        """Return the final status of an order whose workflow ended before the order did.

        A decision that was recorded is carried out; otherwise the order fails, or times out if its execution did.
        """
        if self.status is Status.ACCEPTED and self.completion is Completion.COMPLETED:
            return Status.COMPLETED
        if self.status is Status.PLACED and self.decision in (Decision.REJECTED, Decision.CANCELLED):
            return status_after(self.decision)
        return Status.TIMED_OUT if timed_out else Status.FAILED

    def cause_of(self, change: Change) -> Change | None:
        """Return the change that led to this one, or None for the first.

        A notification is caused by the status that it tells of, any other change by the step recorded before it. Events
        carry its id as causation_id.
        """
        if change.about:
            return change_to(change.about)
        steps = [earlier for earlier, _ in self.history if earlier.type is not ChangeType.USER_NOTIFIED]
        return steps[steps.index(change) - 1] if steps.index(change) else None

    def _was_decided(self, status: Status) -> bool:
        return LIFE[status].needs in (None, self.decision, self.completion)

    def _with(self, change: Change, at: datetime) -> "Order":
        # a later change never gets an earlier time, although the clocks of two functions may differ
        return replace(self, changes={**self.changes, change: max([at, *self.changes.values()])})
