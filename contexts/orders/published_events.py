"""The published language of orders: how a recorded change becomes an event. The schemas are in shared/schemas.

An event has what subscribers need to work without calling back, and no more. It is made from the order item alone, so
publishing a change again yields the same event with the same id.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid5

from contexts.orders.domain.lifecycle import Change, ChangeType
from contexts.orders.domain.money import Money
from contexts.orders.domain.order import Item, Order
from contexts.orders.domain.times import timestamp

SOURCE = "takeaway.orders"
_EVENT_IDS = UUID("6f1d9a0e-3c52-5b7e-9a60-2f4f1d0c7b11")  # any fixed namespace


@dataclass(frozen=True)
class Event:
    """One entry for the bus: `type` is its detail-type, `detail` the envelope {"metadata": …, "data": …}."""

    type: str
    detail: dict[str, Any]

    @property
    def event_id(self) -> str:
        return str(self.detail["metadata"]["event_id"])


def events_of(order: Order, *changes: Change) -> list[Event]:
    """Return the events of these changes, or of all recorded changes in their order.

    There is one event for each published version of a change's schema.
    """
    told = changes or [change for change, _ in order.history]
    return [event_of(order, change, version) for change in told for version in sorted(WRITTEN[change.type])]


def event_of(order: Order, change: Change, version: int = 1) -> Event:
    """Return the event of a change that the order has recorded. Its id is the same in every version."""
    cause = order.cause_of(change)
    metadata: dict[str, Any] = {
        "event_id": _event_id(order, change),
        "schema_version": version,
        "occurred_at": timestamp(order.changes[change]),
        "correlation_id": order.order_id,
        "causation_id": _event_id(order, cause) if cause else None,
    }
    if version > 1:
        metadata["breaks"] = version - 1  # rules of consumers of that version exclude this event
    data = {
        "order_id": order.order_id,
        "restaurant_id": order.restaurant_id,
        "customer_id": order.customer.customer_id,
        **WRITTEN[change.type][version](order, change),
    }
    return Event(change.type, {"metadata": metadata, "data": data})


def _event_id(order: Order, change: Change) -> str:
    # Made of the order's id and the change's key, not of time or attempt: a repeated publication has the same id.
    return str(uuid5(_EVENT_IDS, f"{order.order_id}/{change.key}"))


def _particulars(order: Order, change: Change) -> dict[str, Any]:
    match change.type:
        case ChangeType.ORDER_PLACED:
            return _basket(order)
        case ChangeType.ORDER_COMPLETED:
            customer = {"name": order.customer.name, "email": order.customer.email}
            placed_at = order.changes[Change(ChangeType.ORDER_PLACED)]
            return {"customer": customer, **_basket(order), "placed_at": timestamp(placed_at)}
        case ChangeType.ORDER_REJECTED:
            return {"reason": order.reason}
        case ChangeType.ORDER_FAILED:
            return {"stage": _stage_before(order, change)}
        case ChangeType.USER_NOTIFIED if change.about:
            return {"reason": change.about.word}
        case _:
            return {}


def _basket(order: Order) -> dict[str, Any]:
    return {"items": [_line(item) for item in order.items], "total": _money(order.total)}


def _line(item: Item) -> dict[str, Any]:
    return {"name": item.name, "quantity": item.quantity, "unit_price": _money(item.unit_price)}


def _money(money: Money) -> dict[str, Any]:
    return {"amount": money.amount, "currency": money.currency}


def _stage_before(order: Order, failure: Change) -> str:
    """Return the status that the order had when it failed."""
    before = [earlier.type for earlier, _ in order.history if earlier != failure]
    if ChangeType.ORDER_ACCEPTED in before:
        return "ACCEPTED"
    return "PLACED" if ChangeType.ORDER_PLACED in before else "RECEIVED"


Particulars = Callable[[Order, Change], dict[str, Any]]

# kind of change -> version of its schema -> the function that writes its data. While a second version is published
# beside the first, it has an entry here: docs/event-changes.md.
WRITTEN: dict[ChangeType, dict[int, Particulars]] = {kind: {1: _particulars} for kind in ChangeType}
