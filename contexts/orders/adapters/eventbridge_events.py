"""Events onto the shared bus. This context puts events under its own source only."""

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

from contexts.orders.application.ports import PublishingFailed
from contexts.orders.published_events import SOURCE, Event

if TYPE_CHECKING:
    from types_boto3_events import EventBridgeClient
    from types_boto3_events.type_defs import PutEventsRequestEntryTypeDef

ATTEMPTS = 3  # of the entries that the bus refused; the workflow's own Retry comes after these
MAX_ENTRIES = 10  # of one PutEvents call; all events of an order, in two versions, are more


class EventBridgeEvents:
    def __init__(self, client: "EventBridgeClient", bus_name: str) -> None:
        self._client, self._bus_name = client, bus_name

    def publish(self, events: Sequence[Event]) -> None:
        entries = [self._entry(event) for event in events]
        for start in range(0, len(entries), MAX_ENTRIES):
            self._put(entries[start : start + MAX_ENTRIES])

    def _put(self, entries: list["PutEventsRequestEntryTypeDef"]) -> None:
        """PutEvents may take some entries and refuse others: only those that it refused are put again."""
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
