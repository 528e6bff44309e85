"""Publishing to the shared bus. This context publishes under its own source only."""

import json
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from contexts.orders.application.ports import PublishingFailed
from contexts.orders.published_events import SOURCE, Event

if TYPE_CHECKING:
    from types_boto3_events import EventBridgeClient
    from types_boto3_events.type_defs import PutEventsRequestEntryTypeDef

ATTEMPTS = 3  # for entries that the bus refused; the workflow's Retry repeats the step after these
# Limits of one PutEvents call. All events of an order in two versions are more, and those of a long order are larger.
MAX_ENTRIES = 10
MAX_BYTES = 256 * 1024  # all entries together; a single event stays far below it, because a request's body is small


class EventBridgeEvents:
    """Implements the port Events."""

    def __init__(self, client: "EventBridgeClient", bus_name: str) -> None:
        self._client, self._bus_name = client, bus_name

    def publish(self, events: Sequence[Event]) -> None:
        for entries in _batches([self._entry(event) for event in events]):
            self._put(entries)

    def _put(self, entries: list["PutEventsRequestEntryTypeDef"]) -> None:
        """Put entries, and put those that were refused again: PutEvents may take some and refuse others."""
        reasons: list[str] = []
        for _ in range(ATTEMPTS):
            answer = self._client.put_events(Entries=entries)
            if not answer["FailedEntryCount"]:
                return
            refused = [(entry, result) for entry, result in zip(entries, answer["Entries"], strict=True)
                       if result.get("ErrorCode")]  # fmt: skip
            entries = [entry for entry, _ in refused]
            reasons = [f"{entry['DetailType']}: {result['ErrorCode']}" for entry, result in refused]
        raise PublishingFailed(f"not taken by {self._bus_name} after {ATTEMPTS} attempts: {', '.join(reasons)}")

    def _entry(self, event: Event) -> "PutEventsRequestEntryTypeDef":
        return {
            "EventBusName": self._bus_name,
            "Source": SOURCE,
            "DetailType": event.type,
            "Detail": json.dumps(event.detail, ensure_ascii=False),
        }


def _batches(entries: list["PutEventsRequestEntryTypeDef"]) -> Iterator[list["PutEventsRequestEntryTypeDef"]]:
    """Split entries into batches that one call takes, without changing their order."""
    batch: list[PutEventsRequestEntryTypeDef] = []
    for entry in entries:
        if len(batch) == MAX_ENTRIES or sum(map(size, [*batch, entry])) > MAX_BYTES:
            yield batch
            batch = []
        batch.append(entry)
    if batch:
        yield batch


def size(entry: "PutEventsRequestEntryTypeDef") -> int:
    """Return the size of an entry in bytes, as EventBridge counts it."""
    return sum(len(entry[part].encode()) for part in ("Source", "DetailType", "Detail"))
