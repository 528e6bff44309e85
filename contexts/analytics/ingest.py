"""From a batch of messages to objects of the lake's raw zone, one per event type and day."""

import gzip
import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from contexts.analytics import zones
from contexts.analytics.consumed_events import OrderEvent, UnreadableEvent, read
from contexts.analytics.ports import Lake, LakeUnavailable


@dataclass(frozen=True)
class Message:
    id: str
    body: str


@dataclass(frozen=True)
class Trouble:
    """A message that is not in the raw zone, and why; the reason holds no personal data."""

    message_id: str
    reason: str


@dataclass
class Ingested:
    """`failed` messages are nowhere yet and have to be delivered again; those in quarantine are done with."""

    failed: list[Trouble] = field(default_factory=list)
    quarantined: list[Trouble] = field(default_factory=list)
    stored: list[OrderEvent] = field(default_factory=list, compare=False)  # what all went well with


def ingest(messages: Iterable[Message], lake: Lake) -> Ingested:
    """Store every message: as a line of the raw zone, or in quarantine if it cannot be read."""
    done = Ingested()
    partitions: dict[tuple[str, str], list[tuple[Message, OrderEvent]]] = defaultdict(list)
    for message in messages:
        try:
            event = read(message.body)
        except UnreadableEvent as why:
            _quarantine(message, str(why), lake, done)
        else:
            partitions[event.event_type, event.date].append((message, event))
    for (event_type, date), members in partitions.items():
        name, content = raw_content(event for _, event in members)
        name = zones.raw_object(event_type, date, name)
        try:
            lake.add(name, content)
            # In this order: a marker without its object, or an object that nobody ever looks at, can't be left behind.
            lake.put(zones.marker(name), b"")
        except LakeUnavailable as why:
            done.failed += [Trouble(message.id, f"lake unavailable: {why}") for message, _ in members]
        else:
            done.stored += [event for _, event in members]
    return done


def raw_content(events: Iterable[OrderEvent]) -> tuple[str, bytes]:
    """Content, and a name made from it: the same batch again is there already, and stays as it is.

    And nothing else ever does: what a later version of this function says of the same events is another object, with a
    marker of its own. So whoever has read an object, and takes its marker away, takes no other's.
    """
    records = {event.detail.metadata.event_id: event.record() for event in events}
    # Other scripts escaped, as json does it: some of their characters count as line ends to some readers.
    lines = "".join(json.dumps(records[id_], separators=(",", ":")) + "\n" for id_ in sorted(records)).encode()
    return hashlib.sha256(lines).hexdigest()[:32], gzip.compress(lines, mtime=0)


def _quarantine(message: Message, reason: str, lake: Lake, done: Ingested) -> None:
    """Keep it as it came, named by what it is: delivered again, it overwrites itself."""
    name = hashlib.sha256(message.body.encode(errors="surrogatepass")).hexdigest()[:32]
    content = json.dumps({"reason": reason, "message_id": message.id, "body": message.body})
    try:
        lake.put(f"{zones.QUARANTINE}{name}.json", content.encode())
    except LakeUnavailable as why:
        done.failed.append(Trouble(message.id, f"unreadable: {reason}; lake unavailable: {why}"))
    else:
        done.quarantined.append(Trouble(message.id, reason))
