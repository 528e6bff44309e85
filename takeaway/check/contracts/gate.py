"""Judge changes of published events: what changed, whether it breaks consumers, and which."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta

from shared.schema_tools.keywords import Schema
from takeaway.check.contracts.changes import Breaks, Change, changes, unjudged
from takeaway.check.contracts.consumers import Use
from takeaway.check.contracts.published import SUNSET, Published

# As long as the archive keeps events: a consumer that moves to the new version can then replay all of it.
NOTICE = timedelta(days=90)
ANNOUNCE_FIRST = f'announce it first, with "deprecated": true and "{SUNSET}" in its schema'

ReadersOf = Callable[[str, str], list[Use]]  # given an event's name and a path


def judge(before: Published, after: Published, readers_of: ReadersOf, today: date) -> list[Change]:
    """List all changes, event by event."""
    names = [*before.schemas, *(name for name in after.schemas if name not in before.schemas)]
    return [replace(each, event=name) for name in names for each in _event(name, before, after, readers_of, today)]


def _event(name: str, before: Published, after: Published, readers_of: ReadersOf, today: date) -> Iterator[Change]:
    old, new = before.schemas.get(name), after.schemas.get(name)
    if old is None:
        others = " and ".join(map(str, after.beside(name)))
        yield Change("", f"adds the event{others and f', beside version {others}'}")
        yield from unjudged(new)
    elif new is None:
        yield _removed(old, tuple(readers_of(name, "")), today)
    else:
        for change in changes(old, new):
            yield replace(change, readers=tuple(readers_of(name, change.path))) if change.breaks else change
        yield from _sunset(name, old, new, readers_of, today)


def _removed(old: Schema, readers: tuple[Use, ...], today: date) -> Change:
    """Judge a removal: it breaks nobody only if it was announced, its day has come, and nobody here reads it."""
    day = old.get(SUNSET)
    if not day:
        note = ANNOUNCE_FIRST
    elif date.fromisoformat(day) > today:
        note = f"it was promised until {day}"
    elif readers:
        note = "its day has come, its readers have not moved"
    else:
        return Change("", f"removes the event, as announced for {day}")
    return Change("", "removes the event", Breaks.CONSUMERS, note, readers=readers)


def _sunset(name: str, old: Schema, new: Schema, readers_of: ReadersOf, today: date) -> Iterator[Change]:
    was, is_ = old.get(SUNSET), new.get(SUNSET)
    if was == is_:
        return
    if is_ is None:
        yield Change("", f"is not to end on {was} any more")
        return
    notice = (date.fromisoformat(is_) - today).days
    breaks: Breaks | None = Breaks.CONSUMERS
    if was and is_ < was:
        note = f"it was promised until {was}"
    elif not was and notice < NOTICE.days:
        note = f"{notice} days' notice; expected {NOTICE.days}, as far as the archive reaches back"
    else:
        breaks, note = None, "until then its readers move to another version"
    yield Change("", f"is to end on {is_}", breaks, note, readers=tuple(readers_of(name, "")))
