"""Put an order's journey together from its traces: workflow steps, events, e-mails, what neighbours keep. Pure."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from shared.reading import Trace
from takeaway.run.client.mails import Mail
from takeaway.run.client.readers import Entry
from takeaway.run.client.workflow import Step

# Actors, causes before effects: this order decides between moments of the same millisecond.
NEIGHBOUR = "a neighbour"
ACTORS = ("workflow", "orders", "bus", "restaurant", NEIGHBOUR, "customer")


@dataclass(frozen=True)
class Moment:
    """A thing that happened to the order. `since_previous` is the time since the previous moment on the timeline.

    `place` is where the trace is stored, for programs; `heard` is the event that a neighbour, or an e-mail, reacts to.
    """

    at: datetime
    actor: str
    what: str
    detail: str = ""
    place: str = ""
    heard: str = ""
    since_previous: timedelta = timedelta(0)


@dataclass(frozen=True)
class Known:
    """The traces that a neighbour keeps of the order; `keeps` names one of them, such as "voucher"."""

    keeps: str
    traces: Sequence[Trace] = ()


@dataclass(frozen=True)
class Recorded:
    """A change in the order's own history, named like the event that should have been published of it."""

    at: datetime
    name: str
    about: str | None = None


@dataclass(frozen=True)
class Traces:
    """All traces of one order; `known` has those of the neighbours, by context.

    In a wiring without a workflow, `recorded` is the order's own history, and `dead_letters` the number of dead letters
    by queue. `unsearched` names places that were left out, because searching them costs more with every order kept.
    """

    steps: Sequence[Step] = ()
    entries: Sequence[Entry] = ()
    mails: Sequence[Mail] = ()
    known: Mapping[str, Known] = field(default_factory=dict)
    recorded: Sequence[Recorded] = ()
    dead_letters: Mapping[str, int] = field(default_factory=dict)
    unsearched: Sequence[str] = ()

    @property
    def unheard(self) -> list[Recorded]:
        """The changes in the order's own history of which no event was seen."""
        heard = {(entry.name, entry.content.get("reason")) for entry in self.entries if entry.name == "user_notified"}
        names = {entry.name for entry in self.entries}
        return [
            change
            for change in self.recorded
            if (change.name not in names if change.about is None else (change.name, change.about.lower()) not in heard)
        ]


def timeline(traces: Traces, who: Collection[str] = ()) -> list[Moment]:
    """Sort all moments by time, each with the time since the previous one; `who` limits them to these actors."""
    there = (moment for moment in _moments(traces) if not who or moment.actor in who)
    moments = sorted(there, key=lambda moment: (moment.at, _rank(moment.actor)))
    if not moments:
        return []
    later = [replace(now, since_previous=now.at - before.at) for before, now in pairwise(moments)]
    return [moments[0], *later]


def _moments(traces: Traces) -> Iterable[Moment]:
    for step in traces.steps:
        yield Moment(step.at, "workflow", _ended(step.name) if step.is_end else step.name)
    for change in traces.unheard:
        yield Moment(change.at, "orders", f"records {change.name}", "no such event was seen")
    for entry in traces.entries:
        yield _of_entry(entry)
    for mail in traces.mails:
        yield _of_mail(mail, traces.known)
    for context, known in traces.known.items():
        for trace in known.traces:
            yield Moment(trace.at, context, trace.what, place=trace.place, heard=trace.heard)


def _rank(actor: str) -> int:
    return ACTORS.index(actor if actor in ACTORS else NEIGHBOUR)


def _of_mail(mail: Mail, known: Mapping[str, Known]) -> Moment:
    """Date the e-mail no earlier than what it is about, because some engines round its time down to whole seconds.

    Otherwise the timeline would show the e-mail about a voucher before the voucher.
    """
    traces = [trace for each in known.values() for trace in each.traces]
    about = [trace for trace in traces if trace.known_as and trace.known_as in mail.text]
    at = max([mail.at, *(trace.at for trace in about)])
    return Moment(at, "customer", f"gets the e-mail “{mail.subject}”", heard="".join(each.heard for each in about[:1]))


def _of_entry(entry: Entry) -> Moment:
    if entry.kind == "message":
        seconds = entry.content.get("respond_within_seconds")
        return Moment(entry.at, "restaurant", "gets the order", f"asked to answer within {seconds} seconds")
    return Moment(entry.at, "bus", entry.name, _particulars(entry.content))


def _particulars(content: Mapping[str, Any]) -> str:
    return ", ".join(f"{name}: {content[name]}" for name in ("reason", "stage") if content.get(name))


def _ended(event_type: str) -> str:
    return {
        "ExecutionSucceeded": "ends",
        "ExecutionFailed": "ends as failed",
        "ExecutionTimedOut": "ends as timed out",
        "ExecutionAborted": "is stopped from outside",
        "ExecutionStopped": "is stopped from outside",
    }.get(event_type, event_type)
