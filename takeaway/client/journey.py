"""One order's whole way, from all that its traces say: pure, so that it can be told from recorded pieces."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from takeaway.client.journal import Entry
from takeaway.client.lake import Line
from takeaway.client.mails import Mail
from takeaway.client.vouchers import Voucher
from takeaway.client.workflow import Step

# Who acts; at the same millisecond the one that comes first here caused the other.
ACTORS = ("workflow", "orders", "bus", "restaurant", "promotions", "customer", "analytics")


@dataclass(frozen=True)
class Moment:
    """Something happened to the order. `since_previous` is the time since the moment before it on the timeline."""

    at: datetime
    actor: str
    what: str
    detail: str = ""
    since_previous: timedelta = timedelta(0)


@dataclass(frozen=True)
class Recorded:
    """A change as the order itself has it, named as the event that was to tell of it."""

    at: datetime
    name: str
    about: str | None = None


@dataclass(frozen=True)
class Traces:
    """All that is known of one order.

    Where no workflow has a history, `recorded` is what the order itself says, and `dead_letters` counts what its
    functions gave up on, by queue.
    """

    steps: Sequence[Step] = ()
    entries: Sequence[Entry] = ()
    mails: Sequence[Mail] = ()
    voucher: Voucher | None = None
    lines: Sequence[Line] = ()
    recorded: Sequence[Recorded] = ()
    dead_letters: Mapping[str, int] = field(default_factory=dict)

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


def timeline(traces: Traces) -> list[Moment]:
    """Every trace in the order of happening, each with the time since the one before."""
    moments = sorted(_moments(traces), key=lambda moment: (moment.at, ACTORS.index(moment.actor)))
    if not moments:
        return []
    later = [Moment(now.at, now.actor, now.what, now.detail, now.at - before.at) for before, now in pairwise(moments)]
    return [moments[0], *later]


def _moments(traces: Traces) -> Iterable[Moment]:
    for step in traces.steps:
        yield Moment(step.at, "workflow", _ended(step.name) if step.is_end else step.name)
    for change in traces.unheard:
        yield Moment(change.at, "orders", f"records {change.name}", "no such event was seen")
    for entry in traces.entries:
        yield _of_entry(entry)
    for mail in traces.mails:
        yield Moment(_sent(mail, traces.voucher), "customer", f"gets the e-mail “{mail.subject}”")
    if voucher := traces.voucher:
        yield Moment(voucher.issued_at, "promotions", f"issues voucher {voucher.code}")
    for line in traces.lines:
        # An object's time is in whole seconds: it can't have been stored before the event happened.
        at = max(line.stored_at, line.occurred_at)
        yield Moment(at, "analytics", f"keeps {line.event_type} in the lake", line.object)


def _sent(mail: Mail, voucher: Voucher | None) -> datetime:
    """Some engines tell whole seconds: the e-mail with a voucher can't have been sent before there was one."""
    return max(mail.at, voucher.issued_at) if voucher and voucher.code in mail.text else mail.at


def _of_entry(entry: Entry) -> Moment:
    if entry.kind == "message":
        seconds = entry.content.get("respond_within_seconds")
        return Moment(entry.at, "restaurant", "gets the order", f"asked to answer within {seconds} seconds")
    return Moment(entry.at, "bus", entry.name, _particulars(entry.content))


def _particulars(content: dict[str, Any]) -> str:
    return ", ".join(f"{name}: {content[name]}" for name in ("reason", "stage") if content.get(name))


def _ended(event_type: str) -> str:
    return {
        "ExecutionSucceeded": "ends",
        "ExecutionFailed": "ends as failed",
        "ExecutionTimedOut": "ends as timed out",
        "ExecutionAborted": "is stopped from outside",
    }.get(event_type, event_type)
