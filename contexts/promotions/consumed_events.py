"""What promotions reads of the events of others: the fields that it uses, and no more."""

from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from contexts.promotions.application.ports import Recipient
from contexts.promotions.domain.money import Money
from contexts.promotions.domain.voucher import CompletedOrder

Text = Annotated[str, Field(min_length=1)]


class Consumed(BaseModel):
    """Unknown fields are ignored, known ones are exact, and errors never quote a value: it may be personal."""

    model_config = ConfigDict(extra="ignore", strict=True, frozen=True, hide_input_in_errors=True)


class Customer(Consumed):
    email: Text


class Total(Consumed):
    amount: Annotated[int, Field(ge=0)]
    currency: Text


class OrderData(Consumed):
    order_id: Text
    customer_id: Text
    customer: Customer
    total: Total


class Metadata(Consumed):
    occurred_at: AwareDatetime


class Detail(Consumed):
    metadata: Metadata
    data: OrderData


class OrderCompleted(Consumed):
    """`order_completed` of takeaway.orders, as the bus delivers it."""

    detail: Detail

    def order(self) -> CompletedOrder:
        data = self.detail.data
        return CompletedOrder(
            order_id=data.order_id,
            customer_id=data.customer_id,
            total=Money(data.total.amount, data.total.currency),
            completed_at=self.detail.metadata.occurred_at,
        )

    def recipient(self) -> Recipient:
        return Recipient(self.detail.data.customer.email)


# Which event, in which version, this context reads with which model: what tools and contract tests hold it to.
CONSUMES: dict[str, type[Consumed]] = {"order_completed.v1": OrderCompleted}
