"""The events that the console consumes: the fields by which it files them, and those that it shows.

It keeps the rest of `data` as it comes, without personal data, and expects nothing of it.
"""

from typing import NotRequired

from typing_extensions import TypedDict  # of Python 3.11, only this one can be read by tools


class Metadata(TypedDict):
    event_id: str
    occurred_at: str
    causation_id: NotRequired[str | None]


class Data(TypedDict):
    order_id: str
    restaurant_id: NotRequired[str]
    reason: NotRequired[str]
    stage: NotRequired[str]


class Detail(TypedDict):
    metadata: Metadata
    data: Data


OrderEvent = TypedDict("OrderEvent", {"detail-type": str, "detail": Detail})

# event and version -> the type that it is read as: a consumer-driven contract, which tools and contract tests check.
CONSUMES = {"takeaway.*@*.v1": OrderEvent}
