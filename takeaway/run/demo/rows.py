"""One order in two columns: what its workflow does, and beside it who hears of that and what they do. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from takeaway.run.client.journey import Moment

WORKFLOW, BUS = "workflow", "bus"  # who is inside; all others are outside
SETTLED = timedelta(seconds=1.2)  # by then everybody has heard of what happened
SURELY = timedelta(seconds=15)  # and by then whoever has to start first


@dataclass(frozen=True)
class Reaction:
    """`heard` is the event that it is about."""

    at: datetime
    who: str
    what: str
    heard: str = ""


@dataclass
class Row:
    """Something inside, a step of the workflow or an event that it published, and who did what about it."""

    at: datetime
    inside: str
    is_event: bool = False
    outside: list[Reaction] = field(default_factory=list)

    @property
    def last(self) -> datetime:
        """When something last came to it."""
        return max([self.at, *(each.at for each in self.outside)])


def is_step(told: str) -> bool:
    """Else it is the end of the workflow, as the journey says it: “ends”, “is stopped from outside”."""
    return told[:1].isupper()


def rows_of(moments: Iterable[Moment], acts: Iterable[Reaction] = ()) -> list[Row]:
    """`moments` are those of an order's timeline; `acts` what people did about it, of which no system keeps a trace.

    What is about an event stands beside it, everything else beside what happened inside last.
    """
    rows, outside = list[Row](), list(acts)
    for moment in moments:
        if moment.actor in (WORKFLOW, BUS):
            rows.append(Row(moment.at, moment.what, moment.actor == BUS))
        else:
            what = f"{moment.what}, {moment.detail}" if moment.detail else moment.what
            outside.append(Reaction(moment.at, moment.actor, what, moment.heard))
    for reaction in sorted(outside, key=lambda each: each.at):
        before = [row for row in rows if row.at <= reaction.at]
        about = [row for row in before if row.is_event and row.inside == reaction.heard]
        if not (before or rows):
            rows.append(Row(reaction.at, ""))
        (about or before or rows)[-1].outside.append(reaction)
    return rows


def settled(rows: Sequence[Row], now: datetime, publishes: Mapping[str, str]) -> Sequence[Row]:
    """Those at the beginning of which all has been heard: word of things takes different times to get here.

    `publishes` says which steps publish an event, that is a row soon after theirs.
    """
    count = 0
    while count < len(rows) and _is_settled(rows, count, now, publishes):
        count += 1
    return rows[:count]


def _is_settled(rows: Sequence[Row], number: int, now: datetime, publishes: Mapping[str, str]) -> bool:
    """Every event is heard by somebody: by analytics, if by nobody else."""
    row = rows[number]
    told = publishes.get(row.inside)
    is_told = told is None or any(each.is_event and each.inside == told for each in rows[number + 1 :])
    is_heard = bool(row.outside) or not row.is_event
    return row.last <= now - (SETTLED if is_told and is_heard else SURELY)
