"""From a batch of messages to objects of the lake's raw zone, one per event type and day."""

import gzip
import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from contexts.analytics.consumed_events import OrderEvent, UnreadableEvent, read
from contexts.analytics.lake import LakeUnavailable


class Lake(Protocol):
    def put(self, name: str, content: bytes) -> None:
        """Raises LakeUnavailable."""
        ...


@dataclass(frozen=True)
class Message:
    id: str
    body: str


@dataclass(frozen=True)
class Failure:
    """A message that is not in the lake, and why; the reason holds no personal data."""

    message_id: str
    reason: str


def ingest(messages: Iterable[Message], lake: Lake) -> list[Failure]:
    """Store every message that can be read; what is returned was not stored and is to be delivered again."""
    failures: list[Failure] = []
    partitions: dict[str, list[tuple[Message, OrderEvent]]] = defaultdict(list)
    for message in messages:
        try:
            event = read(message.body)
        except UnreadableEvent as why:
            failures.append(Failure(message.id, f"unreadable: {why}"))
        else:
            partitions[f"raw/event_type={event.event_type}/date={event.date}"].append((message, event))
    for partition, members in partitions.items():
        name, content = raw_object(event for _, event in members)
        try:
            lake.put(f"{partition}/{name}", content)
        except LakeUnavailable as why:
            failures += [Failure(message.id, f"lake unavailable: {why}") for message, _ in members]
    return failures


def raw_object(events: Iterable[OrderEvent]) -> tuple[str, bytes]:
    """Name and content, made from the events alone: the same batch again overwrites its object with itself."""
    records = {event.detail.metadata.event_id: event.record() for event in events}
    ids = sorted(records)
    # Other scripts escaped, as json does it: some of their characters count as line ends to some readers.
    lines = (json.dumps(records[id_], separators=(",", ":")) + "\n" for id_ in ids)
    name = hashlib.sha256("\n".join(ids).encode()).hexdigest()[:32]
    return f"{name}.ndjson.gz", gzip.compress("".join(lines).encode(), mtime=0)
