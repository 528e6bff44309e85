"""Answers as pydantic models; the OpenAPI document is generated from these."""

from pydantic import BaseModel, Field

from contexts.orders.domain.identity import Identity, Role
from contexts.orders.domain.lifecycle import Completion, Decision, Status
from contexts.orders.domain.money import Money
from contexts.orders.domain.order import Order, OrderSummary
from contexts.orders.domain.times import timestamp


class MoneyView(BaseModel):
    amount: int = Field(description="Minor units: cents, yen, fils")
    currency: str


class ItemView(BaseModel):
    name: str
    quantity: int
    unit_price: MoneyView


class Receipt(BaseModel):
    order_id: str


class CustomerView(BaseModel):
    name: str = Field(description="The name in the customer's token")
    email: str | None = Field(default=None, description="Shown to the customer only, not to the restaurant")


class HistoryEntry(BaseModel):
    change: str = Field(description="The type of the event that was published", examples=["order_placed"])
    about: str | None = Field(default=None, description="user_notified: the status that the user was told")
    at: str


class OrderView(BaseModel):
    """An order as its customer or its restaurant sees it."""

    order_id: str
    status: Status
    restaurant_id: str
    customer: CustomerView
    items: list[ItemView]
    total: MoneyView
    delivery_address: str
    note: str
    decision: Decision | None
    reason: str | None
    completion: Completion | None
    history: list[HistoryEntry]


class OrderSummaryView(BaseModel):
    """An order as a list shows it; `GET /orders/{order_id}` has all of it."""

    order_id: str
    status: Status
    restaurant_id: str
    total: MoneyView | None = Field(description="null for an order that was placed before lists had it")
    received_at: str


class OrderList(BaseModel):
    orders: list[OrderSummaryView]
    next_cursor: str | None = Field(default=None, description="For the next page; null on the last one")


def view(order: Order, identity: Identity) -> OrderView:
    """Show an order to a caller: the restaurant does not get the e-mail address."""
    email = order.customer.email if identity.role is Role.CUSTOMER else None
    return OrderView(
        order_id=order.order_id,
        status=order.status,
        restaurant_id=order.restaurant_id,
        customer=CustomerView(name=order.customer.name, email=email),
        items=[
            ItemView(name=item.name, quantity=item.quantity, unit_price=_money(item.unit_price)) for item in order.items
        ],
        total=_money(order.total),
        delivery_address=order.delivery_address,
        note=order.note,
        decision=order.decision,
        reason=order.reason or None,
        completion=order.completion,
        history=[
            HistoryEntry(change=change.type, about=change.about, at=timestamp(at)) for change, at in order.history
        ],
    )


def summary_view(order: OrderSummary) -> OrderSummaryView:
    return OrderSummaryView(
        order_id=order.order_id,
        status=order.status,
        restaurant_id=order.restaurant_id,
        total=_money(order.total) if order.total else None,
        received_at=timestamp(order.received_at),
    )


def _money(money: Money) -> MoneyView:
    return MoneyView(amount=money.amount, currency=money.currency)
