"""Fakes of the ports of orders."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from contexts.orders.adapters.eventbridge_events import EventBridgeEvents
from contexts.orders.application.callers import Unauthenticated
from contexts.orders.application.ports import (
    Conflict,
    MessageNotSent,
    OrderFilter,
    Page,
    Position,
    PublishingFailed,
    Wait,
)
from contexts.orders.domain.errors import OrderNotFound
from contexts.orders.domain.identity import Identity, Role
from contexts.orders.domain.lifecycle import Status
from contexts.orders.domain.money import Money
from contexts.orders.domain.order import Customer, Item, Order
from contexts.orders.domain.times import timestamp
from contexts.orders.published_events import Event
from tests.fakes.bus import CheckedBus

ORDER_ID = "6b0e2f0a-53f5-5f36-8f83-1d7d1c7e3a55"
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
SENT = "fingerprint of the request that placed it"
ALICE = Identity(Role.CUSTOMER, "alice", email="alice@example.com", name="Alice Ångström")
ROMA = Identity(Role.RESTAURANT, "trattoria-roma")


def draft(order_id: str = ORDER_ID, **changes: object) -> Order:
    """Return an order as it comes in: two pizzas, 19.00 EUR, from Alice at Trattoria Roma."""
    order = Order(
        order_id=order_id,
        customer=Customer("alice", "Alice Ångström", "alice@example.com"),
        restaurant_id="trattoria-roma",
        items=(Item("Margherita", 2, Money(950, "EUR")),),
        delivery_address="Via Appia 1",
        note="",
        received_at=NOON,
    )
    return replace(order, **changes)  # type: ignore[arg-type]


@dataclass
class TickingClock:
    """A clock that is a second later at each look."""

    time: datetime = NOON

    def now(self) -> datetime:
        self.time += timedelta(seconds=1)
        return self.time


@dataclass(frozen=True)
class StoredInMemory:
    """An order as it was stored at one moment; later changes do not show."""

    order: Order
    tokens: Mapping[tuple[str, Wait], str]
    fingerprint: str

    def waiting_token(self, wait: Wait) -> str | None:
        return self.tokens.get((self.order.order_id, wait))


@dataclass
class InMemoryOrders:
    """Orders in memory, with the table's optimistic locking: a save of an outdated order raises Conflict."""

    stored: dict[str, Order] = field(default_factory=dict)
    tokens: dict[tuple[str, Wait], str] = field(default_factory=dict)
    fingerprints: dict[str, str] = field(default_factory=dict)
    looked_at: type[StoredInMemory] = StoredInMemory
    meanwhile: list[Order] = field(default_factory=list)  # others write these just before the next save
    reads: int = 0  # counts consistent reads of one order

    def add(self, draft: Order, fingerprint: str) -> StoredInMemory:
        if draft.order_id not in self.stored:
            self.stored[draft.order_id], self.fingerprints[draft.order_id] = draft, fingerprint
        return self._as_it_is(draft.order_id)

    def find(self, order_id: str) -> StoredInMemory | None:
        return self._as_it_is(order_id) if order_id in self.stored else None

    def get(self, order_id: str) -> Order:
        self.reads += 1
        if order_id not in self.stored:
            raise OrderNotFound(order_id)
        return self.stored[order_id]

    def save(self, before: Order, after: Order) -> StoredInMemory:
        if self.meanwhile:
            other = self.meanwhile.pop(0)
            self.stored[other.order_id] = other
        now = self.stored[before.order_id]
        guarded = [(order.status, order.decision, order.completion) for order in (now, before)]
        new = after.changes.keys() - before.changes.keys()
        if guarded[0] != guarded[1] or new & now.changes.keys():
            raise Conflict(before.order_id)
        merged = {**now.changes, **{change: after.changes[change] for change in new}}
        self.stored[after.order_id] = replace(after, changes=merged)
        return self._as_it_is(after.order_id)

    def _as_it_is(self, order_id: str) -> StoredInMemory:
        fingerprint = self.fingerprints.get(order_id, SENT)
        return self.looked_at(self.stored[order_id], dict(self.tokens), fingerprint)

    def page(self, wanted: OrderFilter, *, limit: int, after: Position | None) -> Page:
        def matches(order: Order) -> bool:
            owner = order.customer.customer_id if wanted.owner.role is Role.CUSTOMER else order.restaurant_id
            drafted = order.status is Status.RECEIVED and not wanted.drafts
            return owner == wanted.owner.party_id and wanted.status in (None, order.status) and not drafted

        def place(order: Order) -> tuple[str, str]:
            return timestamp(order.received_at), order.order_id

        own = sorted(filter(matches, self.stored.values()), key=place, reverse=True)
        rest = [order for order in own if not after or place(order) < (after.received_at, after.order_id)]
        return Page(
            [order.summary for order in rest[:limit]], Position(*place(rest[limit - 1])) if len(rest) > limit else None
        )


@dataclass
class RecordingEvents:
    """Publishes with the real adapter, onto a bus that refuses events that violate their schema."""

    published: list[Event] = field(default_factory=list)
    failures: int = 0  # number of calls to come that fail

    def publish(self, events: Sequence[Event]) -> None:
        if self.failures:
            self.failures -= 1
            raise PublishingFailed("bus down")
        EventBridgeEvents(cast(Any, CheckedBus()), "bus").publish(events)
        self.published += events

    @property
    def types(self) -> list[str]:
        return [event.type for event in self.published]


@dataclass
class RecordingMessages:
    """Records who was told which status of which order: restaurants or customers."""

    sent: list[tuple[str, Status]] = field(default_factory=list)
    failures: int = 0

    def notify(self, order: Order) -> None:
        if self.failures:
            self.failures -= 1
            raise MessageNotSent(order.order_id)
        self.sent.append((order.order_id, order.status))


@dataclass
class RecordingWorkflow:
    started: Counter[str] = field(default_factory=Counter)
    resumed: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    failure: Exception | None = None

    def start(self, order_id: str) -> None:
        if self.failure:
            raise self.failure
        self.started[order_id] += 1

    def resume(self, token: str, outcome: dict[str, str]) -> None:
        if self.failure:
            raise self.failure
        self.resumed.append((token, outcome))


@dataclass
class Generous:
    """Allowances that let everybody order, unless `wait` is set."""

    wait: timedelta = timedelta(0)
    asked: list[str] = field(default_factory=list)

    def take(self, customer_id: str, _now: datetime) -> timedelta:
        self.asked.append(customer_id)
        return self.wait


@dataclass
class TokensByName:
    """Takes the token itself for the name of the caller."""

    known: dict[str, Identity] = field(default_factory=lambda: {"alice": ALICE, "roma": ROMA})

    def identify(self, authorization: str | None) -> Identity:
        name = (authorization or "").removeprefix("Bearer ")
        if name not in self.known:
            raise Unauthenticated("unknown")
        return self.known[name]


@dataclass
class World:
    """All ports of orders, in memory."""

    orders: InMemoryOrders = field(default_factory=InMemoryOrders)
    events: RecordingEvents = field(default_factory=RecordingEvents)
    restaurants: RecordingMessages = field(default_factory=RecordingMessages)
    customers: RecordingMessages = field(default_factory=RecordingMessages)
    workflow: RecordingWorkflow = field(default_factory=RecordingWorkflow)
    allowances: Generous = field(default_factory=Generous)
    clock: TickingClock = field(default_factory=TickingClock)
    identity: TokensByName = field(default_factory=TokensByName)

    def holding(self, order: Order) -> "World":
        self.orders.stored[order.order_id] = order
        return self
