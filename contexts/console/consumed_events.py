"""What the console reads of the events of others: where to file them, and what it shows of them.

The rest of `data` it keeps as it comes, people left out, and asks nothing of it.
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

# Which event, in which version, is read as what: what tools and contract tests hold the console to.
CONSUMES = {"takeaway.*@*.v1": OrderEvent}
