"""The events that analytics consumes: models of the fields that it reads, and so of all that its lake ever holds.

The lake is an allow-list: a field that is not declared here is not stored, which also keeps out personal data that a
later version of an event may add. To gain a field: declare it, deploy, replay the archive to this context.
"""

from datetime import UTC, datetime
from typing import Annotated, Any, Generic, TypeVar

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import PydanticCustomError

# Times outside of this range are mistakes. At the ends of the calendar a time can't be converted to UTC, and a single
# such day would stretch every chart over millennia.
FROM, UNTIL = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)


def _in_utc(at: datetime) -> datetime:
    if not FROM <= at < UNTIL:
        raise PydanticCustomError("time_from_2000_to_2099", "expected a time from 2000 to 2099")
    return at.astimezone(UTC)


SOURCE = "takeaway.orders"  # the only source in the rule of this context
Text = Annotated[str, Field(min_length=1)]
Moment = Annotated[AwareDatetime, AfterValidator(_in_utc)]


class UnreadableEvent(ValueError):
    """The message is no event that analytics understands. Names the fields and quotes no value."""


class Consumed(BaseModel):
    """The base of the models.

    Unknown fields are ignored, so that publishers may add some; known ones are read strictly. Errors never quote a
    value, because it may be personal.
    """

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
    """Any event of an order, including types that are published only after this was written."""

    # Part of an object's name, so the pattern keeps out characters that could lead to another folder.
    event_type: Annotated[str, Field(alias="detail-type", pattern=r"^[a-z][a-z0-9_]{0,63}$")]
    replay: Annotated[str | None, Field(alias="replay-name")] = None  # set by the bus on events that it replays
    detail: Detail[OrderData]

    @property
    def date(self) -> str:
        """The day on which the event happened, in UTC."""
        return self.detail.metadata.occurred_at.date().isoformat()

    def record(self) -> dict[str, Any]:
        """Return the event as a line of the lake: flat, with its time in UTC with milliseconds."""
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
    amount: Annotated[int, Field(ge=0, lt=2**63)]  # the range of the lake's column
    currency: Text


class Item(Consumed):
    quantity: Annotated[int, Field(ge=1, lt=2**31)]


class CompletedData(OrderData):
    total: Total
    items: list[Item]


class OrderCompleted(OrderEvent):
    """The event with revenue, and the size of the basket."""

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
    """The event with the reason why a restaurant did not want an order."""

    detail: Detail[RejectedData]

    def record(self) -> dict[str, Any]:
        return super().record() | {"reason": self.detail.data.reason}


# event and version -> the model that reads it ("*" is any other): a consumer-driven contract, which tests check.
CONSUMES: dict[str, type[OrderEvent]] = {
    f"{SOURCE}@*.v1": OrderEvent,
    f"{SOURCE}@order_completed.v1": OrderCompleted,
    f"{SOURCE}@order_rejected.v1": OrderRejected,
}


def read(body: str) -> OrderEvent:
    """Read an event as the bus delivers it, with everything that the lake needs. Raises UnreadableEvent."""
    try:
        event = OrderEvent.model_validate_json(body)
        if model := CONSUMES.get(f"{SOURCE}@{event.event_type}.v1"):
            event = model.model_validate_json(body)
        event.record()
    except ValidationError as error:
        wrong = (f"{'.'.join(map(str, each['loc'])) or 'body'}: {each['type']}" for each in error.errors())
        raise UnreadableEvent(", ".join(wrong)) from None
    except Exception as error:  # noqa: BLE001 - one malformed message must not fail the others
        raise UnreadableEvent(f"body: {type(error).__name__}") from None
    return event
