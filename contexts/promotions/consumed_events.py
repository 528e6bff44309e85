"""What promotions reads of the events of others: the fields that it uses, and no more."""

from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field

from contexts.promotions.application.ports import Recipient
from contexts.promotions.domain.money import Money
from contexts.promotions.domain.voucher import CompletedOrder

# When an order can be completed: what is outside is a mistake, and at the ends of the calendar nothing can be reckoned.
FROM, UNTIL = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
KEY_BYTES = 2048  # the longest that DynamoDB takes for a key
LARGEST_AMOUNT = 2**63 - 1  # of minor units; no order comes near it


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
    """Unknown fields are ignored, known ones are exact, and errors never quote a value: it may be personal."""

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
CONSUMES: dict[str, type[Consumed]] = {"takeaway.orders@order_completed.v1": OrderCompleted}
