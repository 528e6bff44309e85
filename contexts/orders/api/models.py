"""Request bodies as pydantic models; the OpenAPI document is generated from these."""

from datetime import datetime
from typing import Annotated
from uuid import UUID, uuid5

from pydantic import BaseModel, ConfigDict, Field, StrictInt, field_validator

from contexts.orders.api.fields import WHOLE, CurrencyCode, Lines, OneLine
from contexts.orders.domain.money import Money
from contexts.orders.domain.order import Customer, Item, Order

_ORDER_IDS = UUID("0b5a4c7e-52a1-5f0e-8d53-6b7f3f2a9c44")  # any fixed namespace
MAX_ITEMS, MAX_QUANTITY, MAX_AMOUNT = 100, 1000, 10**9


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class MoneyBody(_Strict):
    amount: Annotated[StrictInt, Field(ge=0, le=MAX_AMOUNT, description="Minor units: cents, yen, fils"), WHOLE]
    currency: CurrencyCode


class ItemBody(_Strict):
    name: Annotated[str, OneLine(200)]
    quantity: Annotated[StrictInt, Field(ge=1, le=MAX_QUANTITY), WHOLE]
    unit_price: MoneyBody


class OrderBody(_Strict):
    """An order as a customer sends it; the token tells who the customer is and where to write to."""

    restaurant_id: Annotated[str, Field(pattern="^[a-z0-9][a-z0-9-]{0,63}$")]
    items: Annotated[list[ItemBody], Field(min_length=1, max_length=MAX_ITEMS)]
    delivery_address: Annotated[str, Lines(500, shortest=1)]
    note: Annotated[str, Lines(1000)] = ""

    @field_validator("items")
    @classmethod
    def _one_currency(cls, items: list[ItemBody]) -> list[ItemBody]:
        if len({item.unit_price.currency for item in items}) > 1:
            raise ValueError("expected one currency for the whole order")
        return items

    def draft(self, *, customer: Customer, idempotency_key: str, received_at: datetime) -> Order:
        """Make the draft of an order.

        The same customer and key give the same order id, which makes placing idempotent.
        """
        return Order(
            order_id=str(uuid5(_ORDER_IDS, f"{customer.customer_id}\n{idempotency_key}")),
            customer=customer,
            restaurant_id=self.restaurant_id,
            items=tuple(
                Item(item.name, item.quantity, Money(item.unit_price.amount, item.unit_price.currency))
                for item in self.items
            ),
            delivery_address=self.delivery_address,
            note=self.note,
            received_at=received_at,
        )


class RejectBody(_Strict):
    reason: Annotated[str, OneLine(200)]
