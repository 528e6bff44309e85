"""Ingestion: from a batch of messages to objects of the lake's raw zone, one per event type and day."""

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
    """A message that is not in the raw zone, and the reason, which holds no personal data."""

    message_id: str
    reason: str


@dataclass
class Ingested:
    """The result of a batch.

    `failed` messages are stored nowhere yet and have to be delivered again; `quarantined` ones are done with.
    """

    failed: list[Trouble] = field(default_factory=list)
    quarantined: list[Trouble] = field(default_factory=list)
    stored: list[OrderEvent] = field(default_factory=list, compare=False)


def ingest(messages: Iterable[Message], lake: Lake) -> Ingested:
    """Store every message: as a line of the raw zone, or in quarantine if it can't be read."""
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
            # The object first: a crash in between repeats the batch, and no marker without its object is left behind.
            lake.put(zones.marker(name), b"")
        except LakeUnavailable as why:
            done.failed += [Trouble(message.id, f"lake unavailable: {why}") for message, _ in members]
        else:
            done.stored += [event for _, event in members]
    return done


def raw_content(events: Iterable[OrderEvent]) -> tuple[str, bytes]:
    """Return the content of an object, and a name made from it.

    The same batch delivered again has the same name, so it is there already and stays as it is. A later version of this
    function may write other lines for the same events: those are another object with a marker of its own. So a reader
    that deletes the marker of an object it has read deletes no other's.
    """
    records = {event.detail.metadata.event_id: event.record() for event in events}
    # ASCII only: some readers take characters of other scripts for line ends.
    lines = "".join(json.dumps(records[id_], separators=(",", ":")) + "\n" for id_ in sorted(records)).encode()
    return hashlib.sha256(lines).hexdigest()[:32], gzip.compress(lines, mtime=0)


def _quarantine(message: Message, reason: str, lake: Lake, done: Ingested) -> None:
    """Store a message as it came, named by a hash of its content, so that a repeated delivery overwrites itself."""
    name = hashlib.sha256(message.body.encode(errors="surrogatepass")).hexdigest()[:32]
    content = json.dumps({"reason": reason, "message_id": message.id, "body": message.body})
    try:
        lake.put(f"{zones.QUARANTINE}{name}.json", content.encode())
    except LakeUnavailable as why:
        done.failed.append(Trouble(message.id, f"unreadable: {reason}; lake unavailable: {why}"))
    else:
        done.quarantined.append(Trouble(message.id, reason))
