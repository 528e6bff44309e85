"""The judgement on a change of the published language: what changed, whether it breaks anybody, and whom by name."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from shared.schema_tools.keywords import Schema
from takeaway.contracts.changes import Breaks, changes, unjudged
from takeaway.contracts.published import SUNSET, Published
from takeaway.contracts.uses import Use

# Both versions are published for as long as the archive reaches back: whoever has moved can replay all of it.
NOTICE = timedelta(days=90)
ANNOUNCE_FIRST = f'announce it first, with "deprecated": true and "{SUNSET}" in its schema'


ReadersOf = Callable[[str, str], list[Use]]  # of an event, at a path


@dataclass(frozen=True)
class Finding:
    """One change of one event ("takeaway.orders@order_completed.v1"), and who reads what it is about."""

    event: str
    path: str
    what: str
    breaks: Breaks | None = None
    readers: tuple[Use, ...] = ()
    note: str = ""


def judge(before: Published, after: Published, readers_of: ReadersOf, today: date) -> list[Finding]:
    """Everything that changed, event by event."""
    names = [*before.schemas, *(name for name in after.schemas if name not in before.schemas)]
    return [finding for name in names for finding in _event(name, before, after, readers_of, today)]


def _event(name: str, before: Published, after: Published, readers_of: ReadersOf, today: date) -> Iterator[Finding]:
    old, new = before.schemas.get(name), after.schemas.get(name)
    if old is None:
        others = " and ".join(map(str, after.beside(name)))
        yield Finding(name, "", f"adds the event{others and f', beside version {others}'}")
        for change in unjudged(new):
            yield Finding(name, change.path, change.what, change.breaks, (), change.note)
    elif new is None:
        yield _removed(name, old, tuple(readers_of(name, "")), today)
    else:
        for change in changes(old, new):
            readers = tuple(readers_of(name, change.path)) if change.breaks else ()
            yield Finding(name, change.path, change.what, change.breaks, readers, change.note)
        yield from _sunset(name, old, new, readers_of, today)


def _removed(name: str, old: Schema, readers: tuple[Use, ...], today: date) -> Finding:
    """An event may go when its end was announced, the day has come, and nobody here reads it."""
    day = old.get(SUNSET)
    if not day:
        return Finding(name, "", "removes the event", Breaks.CONSUMERS, readers, ANNOUNCE_FIRST)
    if date.fromisoformat(day) > today:
        return Finding(name, "", "removes the event", Breaks.CONSUMERS, readers, f"it was promised until {day}")
    if readers:
        return Finding(
            name, "", "removes the event", Breaks.CONSUMERS, readers, "its day has come, its readers have not moved"
        )
    return Finding(name, "", f"removes the event, as announced for {day}")


def _sunset(name: str, old: Schema, new: Schema, readers_of: ReadersOf, today: date) -> Iterator[Finding]:
    was, is_ = old.get(SUNSET), new.get(SUNSET)
    if was == is_:
        return
    if is_ is None:
        yield Finding(name, "", f"is not to end on {was} any more")
        return
    readers = tuple(readers_of(name, ""))
    notice = (date.fromisoformat(is_) - today).days
    if was and is_ < was:
        yield Finding(name, "", f"is to end on {is_}", Breaks.CONSUMERS, readers, f"it was promised until {was}")
    elif not was and notice < NOTICE.days:
        note = f"{notice} days' notice; expected {NOTICE.days}, as far as the archive reaches back"
        yield Finding(name, "", f"is to end on {is_}", Breaks.CONSUMERS, readers, note)
    else:
        yield Finding(name, "", f"is to end on {is_}", None, readers, "until then its readers move to another version")
