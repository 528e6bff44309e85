"""The entries of the journal: time, name and content of an event or a message, without personal data."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from zlib import crc32

from contexts.console.consumed_events import OrderEvent

# Fields with personal data, which the journal leaves out.
PERSONAL = frozenset({"customer", "delivery_address", "note"})
KEPT_FOR = timedelta(days=30)
# Times outside of this range are mistakes; at the ends of the calendar a time can't be converted to UTC.
FROM, UNTIL = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
# Limits of DynamoDB's keys. An entry's id is part of two sort keys, behind a time.
KEY_BYTES, SORT_KEY_BYTES, TIME_BYTES = 2048, 1024, 64
# Keys per day in the index by day: one key takes a thousand writes a second, and all of today's writes go there.
PARTS_OF_A_DAY = 4


def part_of(day: str, number: int) -> str:
    """Return a key of the index by day, such as 2026-11-23#3."""
    return f"{day}#{number}"


class Unreadable(ValueError):
    """The message is neither an event of the bus nor a message of the topic. Quotes nothing of it."""


@dataclass(frozen=True)
class Entry:
    """One line of the journal.

    `id` is the same however often the same thing is delivered. `kind` is "event" or "message"; `at` is when it
    happened; `caused_by` is the id of the event that led to it, if any.
    """

    order_id: str
    id: str
    kind: str
    name: str
    at: datetime
    content: Mapping[str, Any]
    caused_by: str | None = field(default=None, kw_only=True)

    def item(self, recorded_at: datetime) -> dict[str, Any]:
        """Return the entry as the table stores it.

        It is found by order in the order of happening, and by day in the order of recording.
        """
        recorded = recorded_at.isoformat(timespec="microseconds")
        return {
            "order_id": {"S": self.order_id},
            "entry": {"S": f"{_text_of(self.at)}#{self.id}"},
            "day": {"S": part_of(recorded[:10], crc32(self.order_id.encode()) % PARTS_OF_A_DAY)},
            "recorded": {"S": f"{recorded}#{self.id}"},
            "kind": {"S": self.kind},
            "name": {"S": self.name},
            "content": {"S": json.dumps(self.content, ensure_ascii=False)},
            "expires_at": {"N": str(int((recorded_at + KEPT_FOR).timestamp()))},
            **({"caused_by": {"S": self.caused_by}} if self.caused_by else {}),
        }


def entry_of(body: str, sent_at: datetime) -> Entry:
    """Read a message of the queue: an event of the bus, or a message of the restaurants' topic. Raises Unreadable.

    A message has no time of its own that every engine tells exactly, so `sent_at`, the time of its sending to the
    queue, is taken. The entry that is returned can be stored in the table and written as JSON.
    """
    try:
        delivered = json.loads(body, parse_constant=_no_number)
        entry = _event(delivered) if "detail-type" in delivered else _message(delivered, sent_at)
        json.dumps(entry.content, ensure_ascii=False).encode()
    except Unreadable:
        raise
    except KeyError as error:
        raise Unreadable(f"no {error}") from None
    except (TypeError, ValueError, AttributeError, RecursionError) as error:
        raise Unreadable(type(error).__name__) from None
    return entry


def _event(delivered: OrderEvent) -> Entry:
    metadata, data = delivered["detail"]["metadata"], delivered["detail"]["data"]
    return Entry(
        order_id=_text(data["order_id"], "order_id"),
        id=_text(metadata["event_id"], "event_id", SORT_KEY_BYTES - TIME_BYTES),
        kind="event",
        name=_text(delivered["detail-type"], "detail-type"),
        at=_moment(metadata["occurred_at"]),
        content=_without_people(data),
        caused_by=_text(cause, "causation_id") if (cause := metadata.get("causation_id")) is not None else None,
    )


def _message(delivered: Mapping[str, Any], sent_at: datetime) -> Entry:
    message = json.loads(delivered["Message"], parse_constant=_no_number)
    return Entry(
        order_id=_text(message["order_id"], "order_id"),
        id=_text(delivered["MessageId"], "MessageId", SORT_KEY_BYTES - TIME_BYTES),
        kind="message",
        name="message_to_restaurant",
        at=sent_at,
        content=_without_people(message),
    )


def _without_people(data: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in data.items() if name not in PERSONAL}


def _text(value: object, name: str, longest: int = KEY_BYTES) -> str:
    if not isinstance(value, str) or not 1 <= len(value.encode()) <= longest:
        raise Unreadable(f"{name}: expected text of 1 to {longest} bytes")
    return value


def _moment(value: str) -> datetime:
    at = datetime.fromisoformat(value)
    if at.tzinfo is None or not FROM <= at < UNTIL:
        raise Unreadable("occurred_at: expected a time from 2000 to 2099, with its offset")
    return at.astimezone(UTC)


def _text_of(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _no_number(_: str) -> None:
    raise Unreadable("NaN and the infinities are no JSON")
