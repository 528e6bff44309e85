"""What the journal keeps of an event or a message: when it was, what it was called, and its content without people."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from takeaway.console.consumed_events import OrderEvent

# Who ordered and where they live is nobody's business here.
PERSONAL = frozenset({"customer", "delivery_address", "note"})
KEPT_FOR = timedelta(days=30)


class Unreadable(ValueError):
    """Neither an event of the bus nor a message of the topic. The message says what is missing, and quotes nothing."""


@dataclass(frozen=True)
class Entry:
    """One line of the journal. `id` is the same however often the same thing is delivered."""

    order_id: str
    id: str
    kind: str
    name: str
    at: str
    content: Mapping[str, Any]

    def item(self, recorded_at: datetime) -> dict[str, Any]:
        """As the table stores it: by order and time of happening, and by day in the order of recording."""
        recorded = recorded_at.isoformat(timespec="microseconds")
        return {
            "order_id": {"S": self.order_id},
            "entry": {"S": f"{self.at}#{self.id}"},
            "day": {"S": recorded[:10]},
            "recorded": {"S": f"{recorded}#{self.id}"},
            "kind": {"S": self.kind},
            "name": {"S": self.name},
            "content": {"S": json.dumps(self.content, ensure_ascii=False)},
            "expires_at": {"N": str(int((recorded_at + KEPT_FOR).timestamp()))},
        }


def entry_of(body: str, sent_at: datetime) -> Entry:
    """Read what the queue delivers: an event of the bus, or a message of the restaurants' topic. Raises Unreadable.

    A message says nothing of its time that every engine tells exactly, so it happened when it was sent to the queue.
    """
    try:
        delivered = json.loads(body)
        return _event(delivered) if "detail-type" in delivered else _message(delivered, sent_at)
    except KeyError as error:
        raise Unreadable(f"no {error}") from None
    except (TypeError, ValueError) as error:
        raise Unreadable(type(error).__name__) from None


def _event(delivered: OrderEvent) -> Entry:
    metadata, data = delivered["detail"]["metadata"], delivered["detail"]["data"]
    return Entry(
        order_id=data["order_id"],
        id=metadata["event_id"],
        kind="event",
        name=delivered["detail-type"],
        at=metadata["occurred_at"],
        content=_without_people(data),
    )


def _message(delivered: Mapping[str, Any], sent_at: datetime) -> Entry:
    message = json.loads(delivered["Message"])
    return Entry(
        order_id=message["order_id"],
        id=delivered["MessageId"],
        kind="message",
        name="message_to_restaurant",
        at=sent_at.isoformat(timespec="milliseconds"),
        content=_without_people(message),
    )


def _without_people(data: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in data.items() if name not in PERSONAL}
