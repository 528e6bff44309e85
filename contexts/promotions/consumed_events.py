"""The events that promotions consumes: models of the fields that it uses, and no others."""

from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field

from contexts.promotions.application.ports import Recipient
from contexts.promotions.domain.money import Money
from contexts.promotions.domain.voucher import CompletedOrder

# Times of completion outside of this range are mistakes, and near the ends of the calendar adding days would overflow.
FROM, UNTIL = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
KEY_BYTES = 2048  # the longest partition key that DynamoDB takes
LARGEST_AMOUNT = 2**63 - 1  # minor units; no order comes near it


def _in_utc(at: datetime) -> datetime:
    if not FROM <= at < UNTIL:
        raise ValueError("expected a time from 2000 to 2099")
    return at.astimezone(UTC)


def _short_enough(key: str) -> str:
    if len(key.encode()) > KEY_BYTES:
        raise ValueError(f"expected {KEY_BYTES} bytes at most")
    return key


Text = Annotated[str, Field(min_length=1)]
Key = Annotated[Text, AfterValidator(_short_enough)]
Moment = Annotated[AwareDatetime, AfterValidator(_in_utc)]


class Consumed(BaseModel):
    """The base of the models.

    Unknown fields are ignored, so that publishers may add some; known ones are read strictly. Errors never quote a
    value, because it may be personal.
    """

    model_config = ConfigDict(extra="ignore", strict=True, frozen=True, hide_input_in_errors=True)


class Customer(Consumed):
    email: Text


class Total(Consumed):
    amount: Annotated[int, Field(ge=0, le=LARGEST_AMOUNT)]
    currency: Text


class OrderData(Consumed):
    order_id: Key
    customer_id: Key
    customer: Customer
    total: Total


class Metadata(Consumed):
    occurred_at: Moment


class Detail(Consumed):
    metadata: Metadata
    data: OrderData


class OrderCompleted(Consumed):
    """The event `order_completed` of takeaway.orders, as the bus delivers it."""

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


# event and version -> the model that reads it: a consumer-driven contract, which tools and contract tests check.
CONSUMES: dict[str, type[Consumed]] = {"takeaway.orders@order_completed.v1": OrderCompleted}
