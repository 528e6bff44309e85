"""One order's whole way, from all that its traces say: pure, so that it can be told from recorded pieces."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from shared.reading import Trace
from takeaway.run.client.mails import Mail
from takeaway.run.client.readers import Entry
from takeaway.run.client.workflow import Step

# Who acts; at the same millisecond the one that comes first here caused the other. A neighbour is called by its name.
NEIGHBOUR = "a neighbour"
ACTORS = ("workflow", "orders", "bus", "restaurant", NEIGHBOUR, "customer")


@dataclass(frozen=True)
class Moment:
    """Something happened to the order. `since_previous` is the time since the moment before it on the timeline.

    `place` says where it lies, for programs; `heard` which event a neighbour's doing, or e-mail, is about.
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
    """What a neighbour has of the order: `keeps` is what there is one of for each trace."""

    keeps: str
    traces: Sequence[Trace] = ()


@dataclass(frozen=True)
class Recorded:
    """A change as the order itself has it, named as the event that was to tell of it."""

    at: datetime
    name: str
    about: str | None = None


@dataclass(frozen=True)
class Traces:
    """All that is known of one order; `known` is by the context that knows it.

    Where no workflow has a history, `recorded` is what the order itself says, and `dead_letters` counts what its
    functions gave up on, by queue. `unsearched` are places where a look would cost more the more orders there are.
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
        """Changes that no event told of."""
        heard = {(entry.name, entry.content.get("reason")) for entry in self.entries if entry.name == "user_notified"}
        names = {entry.name for entry in self.entries}
        return [
            change
            for change in self.recorded
            if (change.name not in names if change.about is None else (change.name, change.about.lower()) not in heard)
        ]


def timeline(traces: Traces, who: Collection[str] = ()) -> list[Moment]:
    """Every trace in the order of happening, each with the time since the one before; of these actors, if any."""
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
    """Some engines tell whole seconds: the e-mail about a voucher can't have been sent before there was one."""
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
