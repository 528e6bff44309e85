"""One order as its page shows it, worked out from its traces. Pure."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from shared.asl.graph import StateMachine, awaits_callback
from takeaway.drawing.in_code import is_code
from takeaway.run.client.journey import Moment, Traces, timeline
from takeaway.run.client.readers import Entry
from takeaway.run.client.workflow import Step
from takeaway.unseen import visible, visible_lines

GAPS = (0.2, 1, 10, 60)  # seconds; a row's gap counts how many of them passed since the row before


@dataclass(frozen=True)
class Row:
    """A moment in an actor's lane; `event` is the id of its journal entry, if it has one."""

    moment: Moment
    gap: int
    event: str | None = None


@dataclass(frozen=True)
class Event:
    """A journal entry with its content; `causes` is the chain of entries that led to it, the first one first."""

    entry: Entry
    payload: str
    causes: Sequence[Entry]


@dataclass(frozen=True)
class Wait:
    """The state that waits for a callback, and its deadline."""

    state: str
    until: datetime


@dataclass(frozen=True)
class Seen:
    """All that a page shows of an order. `definition` is empty in a wiring without a workflow."""

    order: Mapping[str, Any]
    traces: Traces
    neighbours: Sequence[str]
    definition: str = ""
    guesses: Sequence[str] = ()
    mails_are_readable: bool = True
    rows: Sequence[Row] = field(init=False)
    events: Sequence[Event] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "rows", rows_of(self.traces))
        object.__setattr__(self, "events", events_of(self.traces.entries))

    @property
    def states(self) -> Sequence[Step]:
        return [step for step in self.traces.steps if not step.is_end]

    @property
    def end(self) -> Step | None:
        return next((step for step in self.traces.steps if step.is_end), None)

    @property
    def is_running(self) -> bool:
        return bool(self.states) and self.end is None

    @property
    def lanes(self) -> Sequence[str]:
        """The timeline's columns: all actors and neighbours, so that one who did nothing has an empty lane."""
        first = "workflow" if self.definition else "orders"
        spoke = [row.moment.actor for row in self.rows]
        return [*dict.fromkeys([first, "bus", "restaurant", "customer", *self.neighbours, *spoke])]

    @property
    def wait(self) -> Wait | None:
        if not self.is_running or not self.definition:
            return None
        last = self.states[-1]
        if is_code(self.definition):
            return Wait(last.name, last.deadline) if last.deadline and last.left is None else None
        state = StateMachine.parse(self.definition).states.get(last.name, {})
        if last.left is not None or not awaits_callback(state) or "TimeoutSeconds" not in state:
            return None
        return Wait(last.name, last.at + timedelta(seconds=state["TimeoutSeconds"]))


def rows_of(traces: Traces) -> list[Row]:
    told = {(entry.at, entry.name): entry.id for entry in traces.entries if entry.kind == "event"}
    sent = {entry.at: entry.id for entry in traces.entries if entry.kind == "message"}
    return [
        Row(
            moment,
            sum(moment.since_previous.total_seconds() > gap for gap in GAPS),
            told.get((moment.at, moment.what)) or (sent.get(moment.at) if moment.actor == "restaurant" else None),
        )
        for moment in timeline(traces)
    ]


def events_of(entries: Sequence[Entry]) -> list[Event]:
    known = {entry.id: entry for entry in entries}
    return [
        Event(entry, visible_lines(json.dumps(entry.content, ensure_ascii=False, indent=2)), causes(entry, known))
        for entry in sorted(entries, key=lambda each: each.at)
    ]


def causes(entry: Entry, known: Mapping[str, Entry]) -> list[Entry]:
    """Return the chain of known entries that led to this one, the first one first."""
    found: list[Entry] = []
    while (before := known.get(entry.caused_by or "")) and before not in found:
        found.insert(0, before)
        entry = before
    return found


def dishes(order: Mapping[str, Any]) -> str:
    return visible(", ".join(f"{item['quantity']} × {item['name']}" for item in order["items"]))
