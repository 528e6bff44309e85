"""Conversion between an order and its DynamoDB item."""

from datetime import UTC, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any

from boto3.dynamodb.types import TypeDeserializer, TypeSerializer

from contexts.orders.application.ports import Wait
from contexts.orders.domain.lifecycle import Change, Completion, Decision, Status
from contexts.orders.domain.money import Money
from contexts.orders.domain.order import Customer, Item, Order, OrderSummary
from contexts.orders.domain.times import timestamp

_serializer, _deserializer = TypeSerializer(), TypeDeserializer()


def attribute(value: Any) -> Any:
    """Convert a plain value to the form that the low-level client takes, such as {"S": "PLACED"}."""
    return _serializer.serialize(value)


def to_item(order: Order) -> dict[str, Any]:
    """Convert an order to its item. A field without a value, such as a decision not yet made, is left out."""
    fields: dict[str, Any] = {
        "order_id": order.order_id,
        "customer_id": order.customer.customer_id,
        "customer": {"name": order.customer.name, "email": order.customer.email},
        "restaurant_id": order.restaurant_id,
        "items": [_line(item) for item in order.items],
        "delivery_address": order.delivery_address,
        "note": order.note,
        "total": _amount(order.total),  # stored because lists read an index that does not have the items
        "received_at": timestamp(order.received_at),
        "status": order.status,
        "changes": {change.key: timestamp(at) for change, at in order.changes.items()},
        "decision": order.decision,
        "reason": order.reason or None,
        "completion": order.completion,
    }
    return {name: attribute(value) for name, value in fields.items() if value is not None}


def new_item(draft: Order, fingerprint: str, expires_at: datetime) -> dict[str, Any]:
    """Make the item of a draft: with its request's fingerprint, and the time at which it is deleted if never placed."""
    return {**to_item(draft), "request_hash": attribute(fingerprint), "expires_at": expiry(expires_at)}


def expiry(at: datetime) -> Any:
    """Convert a time to seconds since 1970, which DynamoDB's time to live reads."""
    return attribute(Decimal(int(at.timestamp())))


def from_item(item: dict[str, Any]) -> Order:
    """Convert an item to its order. Attributes that a later version has added are passed over."""
    fields = {name: _deserializer.deserialize(value) for name, value in item.items()}
    customer = fields["customer"]
    return Order(
        order_id=fields["order_id"],
        customer=Customer(fields["customer_id"], name=customer["name"], email=customer["email"]),
        restaurant_id=fields["restaurant_id"],
        items=tuple(
            Item(line["name"], int(line["quantity"]), Money(int(line["amount"]), line["currency"]))
            for line in fields["items"]
        ),
        delivery_address=fields["delivery_address"],
        note=fields["note"],
        received_at=_time(fields["received_at"]),
        status=Status(fields["status"]),
        decision=Decision(fields["decision"]) if "decision" in fields else None,
        reason=fields.get("reason", ""),
        completion=Completion(fields["completion"]) if "completion" in fields else None,
        changes={Change.from_key(key): _time(at) for key, at in fields["changes"].items()},
    )


def summary_from_item(item: dict[str, Any]) -> OrderSummary:
    """Read an item of an index, which has only the attributes of a summary."""
    fields = {name: _deserializer.deserialize(value) for name, value in item.items()}
    total = fields.get("total")
    return OrderSummary(
        order_id=fields["order_id"],
        status=Status(fields["status"]),
        restaurant_id=fields["restaurant_id"],
        customer_id=fields["customer_id"],
        total=Money(int(total["amount"]), total["currency"]) if total else None,
        received_at=_time(fields["received_at"]),
    )


class StoredItem:
    """Implements the port Stored.

    The token stays in the item, so that no order carries it out of the adapter by accident.
    """

    def __init__(self, item: dict[str, Any]) -> None:
        self._item = item

    @cached_property
    def order(self) -> Order:
        return from_item(self._item)

    @property
    def fingerprint(self) -> str:
        return str(self._item["request_hash"]["S"])

    def waiting_token(self, wait: Wait) -> str | None:
        token = self._item.get(f"{wait}_token")
        return str(token["S"]) if token else None


def _line(item: Item) -> dict[str, str | Decimal]:
    return {"name": item.name, "quantity": Decimal(item.quantity), **_amount(item.unit_price)}


def _amount(money: Money) -> dict[str, str | Decimal]:
    return {"amount": Decimal(money.amount), "currency": money.currency}


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)
