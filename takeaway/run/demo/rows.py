"""Arrange one order in two columns: what its workflow does, and beside it how others react. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from takeaway.run.client.journey import Moment

WORKFLOW, BUS = "workflow", "bus"  # the actors of the left column; all others are outside
SETTLED = timedelta(seconds=1.2)  # after that reactions of warm functions are known
SURELY = timedelta(seconds=15)  # after that even those of functions with a cold start


@dataclass(frozen=True)
class Reaction:
    """A reaction outside the workflow; `heard` is the event that it is about."""

    at: datetime
    who: str
    what: str
    heard: str = ""


@dataclass
class Row:
    """A step of the workflow or an event that it published, and the reactions to it."""

    at: datetime
    inside: str
    is_event: bool = False
    outside: list[Reaction] = field(default_factory=list)

    @property
    def last(self) -> datetime:
        """The time of the row or of its last reaction."""
        return max([self.at, *(each.at for each in self.outside)])


def is_step(told: str) -> bool:
    """True for a state's name; False for the workflow's end, which the journey calls “ends” and the like."""
    return told[:1].isupper()


def rows_of(moments: Iterable[Moment], acts: Iterable[Reaction] = ()) -> list[Row]:
    """Arrange an order's moments, and the acts of people, which leave no trace in any system.

    A reaction to an event stands beside the event, anything else beside what happened inside last.
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
    """Return the first rows to which no more reactions will come; traces become known with different delays.

    `publishes` has, by step, the event that it publishes, which makes a row soon after the step's.
    """
    count = 0
    while count < len(rows) and _is_settled(rows, count, now, publishes):
        count += 1
    return rows[:count]


def _is_settled(rows: Sequence[Row], number: int, now: datetime, publishes: Mapping[str, str]) -> bool:
    """True if a row's reactions are complete. Every event has at least one, because analytics hears all."""
    row = rows[number]
    told = publishes.get(row.inside)
    is_told = told is None or any(each.is_event and each.inside == told for each in rows[number + 1 :])
    is_heard = bool(row.outside) or not row.is_event
    return row.last <= now - (SETTLED if is_told and is_heard else SURELY)
