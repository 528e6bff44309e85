"""What analytics reads of the events of others, and so all that its lake ever holds.

The lake is an allow-list: a field that is not declared here is not stored. That keeps personal data out, also such
as a later version of an event may add. To gain a field: declare it, deploy, replay the archive to this context.
"""

from datetime import UTC, datetime
from typing import Annotated, Any, Generic, TypeVar

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import PydanticCustomError

# When something can happen to an order. What is outside is a slip of a clock or of a pen: at the ends of the calendar
# UTC has no such moment, and one such day would stretch every chart over millennia.
FROM, UNTIL = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)


def _in_utc(at: datetime) -> datetime:
    if not FROM <= at < UNTIL:
        raise PydanticCustomError("time_from_2000_to_2099", "expected a time from 2000 to 2099")
    return at.astimezone(UTC)


SOURCE = "takeaway.orders"  # the only one that the rule of this context listens to
Text = Annotated[str, Field(min_length=1)]
Moment = Annotated[AwareDatetime, AfterValidator(_in_utc)]


class UnreadableEvent(ValueError):
    """Not an event that analytics understands; the message names the fields and quotes no value."""


class Consumed(BaseModel):
    """Unknown fields are ignored, known ones are exact, and errors never quote a value: it may be personal."""

    model_config = ConfigDict(extra="ignore", strict=True, frozen=True, hide_input_in_errors=True)


class Metadata(Consumed):
    event_id: Text
    occurred_at: Moment


class OrderData(Consumed):
    order_id: Text
    restaurant_id: Text


Data_co = TypeVar("Data_co", bound=OrderData, covariant=True)


class Detail(Consumed, Generic[Data_co]):
    metadata: Metadata
    data: Data_co


class OrderEvent(Consumed):
    """Any event of an order, also of a type that is published only after this was written."""

    # It becomes a part of an object's name, so it is letters and nothing that leads elsewhere.
    event_type: Annotated[str, Field(alias="detail-type", pattern=r"^[a-z][a-z0-9_]{0,63}$")]
    replay: Annotated[str | None, Field(alias="replay-name")] = None  # the bus says so of what has been there before
    detail: Detail[OrderData]

    @property
    def date(self) -> str:
        """The day it happened on, in UTC."""
        return self.detail.metadata.occurred_at.date().isoformat()

    def record(self) -> dict[str, Any]:
        """One line of the lake: flat, times in UTC with milliseconds."""
        metadata, data = self.detail.metadata, self.detail.data
        occurred_at = metadata.occurred_at.isoformat(timespec="milliseconds")
        return {
            "event_id": metadata.event_id,
            "event_type": self.event_type,
            "occurred_at": occurred_at.replace("+00:00", "Z"),
            "order_id": data.order_id,
            "restaurant_id": data.restaurant_id,
        }


class Total(Consumed):
    amount: Annotated[int, Field(ge=0, lt=2**63)]  # what a column of the lake holds
    currency: Text


class Item(Consumed):
    quantity: Annotated[int, Field(ge=1, lt=2**31)]


class CompletedData(OrderData):
    total: Total
    items: list[Item]


class OrderCompleted(OrderEvent):
    """The event that carries revenue, and the size of the basket."""

    detail: Detail[CompletedData]

    def record(self) -> dict[str, Any]:
        data = self.detail.data
        return super().record() | {
            "total": {"amount": data.total.amount, "currency": data.total.currency},
            "pieces": sum(item.quantity for item in data.items),
        }


class RejectedData(OrderData):
    reason: str


class OrderRejected(OrderEvent):
    """The event that says why a restaurant did not want an order."""

    detail: Detail[RejectedData]

    def record(self) -> dict[str, Any]:
        return super().record() | {"reason": self.detail.data.reason}


# Which event, in which version, is read with which model, "*" being any other: tools and contract tests read this, too.
CONSUMES: dict[str, type[OrderEvent]] = {
    f"{SOURCE}@*.v1": OrderEvent,
    f"{SOURCE}@order_completed.v1": OrderCompleted,
    f"{SOURCE}@order_rejected.v1": OrderRejected,
}


def read(body: str) -> OrderEvent:
    """One event, as the bus delivers it, of which all can be made that the lake needs. Raises UnreadableEvent."""
    try:
        event = OrderEvent.model_validate_json(body)
        if model := CONSUMES.get(f"{SOURCE}@{event.event_type}.v1"):
            event = model.model_validate_json(body)
        event.record()
    except ValidationError as error:
        wrong = (f"{'.'.join(map(str, each['loc'])) or 'body'}: {each['type']}" for each in error.errors())
        raise UnreadableEvent(", ".join(wrong)) from None
    except Exception as error:  # noqa: BLE001 - whatever is the matter with a message stays its own
        raise UnreadableEvent(f"body: {type(error).__name__}") from None
    return event
