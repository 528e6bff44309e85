"""Waiting: what for, since when, and how long at most.

Whoever takes more than a moment says so with `waiting_for`, wherever it is. Who shows it to a person, and sees to it
that nothing waits for ever, is its `audience` (takeaway/waiting_shown.py); programs that only borrow from here have
none.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar, copy_context
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from threading import Lock, get_ident
from typing import Protocol, TypeVar

POLL_SECONDS = 0.2
LONGEST = 3600.0  # seconds that anything may take of which nothing else is said
Answer = TypeVar("Answer")
What = str | Callable[[], str]  # a text that changes by itself (a deadline that comes nearer) is asked for each time


@dataclass(eq=False)
class Wait:
    """`share` is how much of it is done, of how much; `limit` for how many seconds it may go on, `log` tells more.

    `is_all` says that it is a command as a whole, of which there is nothing to show where a part of it is at work;
    what is not `is_seen` goes on beside what people look at.
    """

    what: What
    limit: float | None = LONGEST
    log: Path | None = None
    is_all: bool = False
    is_seen: bool = True
    share: tuple[int, int] | None = None
    began: float = field(default_factory=time.monotonic)
    resumed: float = field(default_factory=time.monotonic)  # when something within it was waited for last
    thread: int = field(default_factory=get_ident)

    def goes_on_with(self, what: What) -> None:
        """The same wait, for another thing: its time begins anew, and that until its limit."""
        self.what, self.began = what, time.monotonic()

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.began

    def __str__(self) -> str:
        return self.what if isinstance(self.what, str) else self.what()


class Audience(Protocol):
    """Who is told of waits; both are called in the thread that waits."""

    def begins(self, wait: Wait) -> None: ...

    def ends(self, wait: Wait) -> None: ...


_open: list[Wait] = []
_audience: list[Audience] = []
_lock = Lock()
_beside = ContextVar("beside", default=False)


def open_waits() -> Sequence[Wait]:
    """Those that are going on, in whichever thread; the last one began last."""
    with _lock:
        return tuple(_open)


def is_shown() -> bool:
    return bool(_audience)


def overdue() -> Wait | None:
    """One that goes on for longer than it may. What is waited for within another has a limit of its own."""
    waits = open_waits()
    innermost = {wait.thread: wait for wait in waits}
    at_work = {wait: time.monotonic() - max(wait.began, wait.resumed) for wait in innermost.values()}
    return next((wait for wait, seconds in at_work.items() if wait.limit is not None and seconds > wait.limit), None)


@contextmanager
def shown_to(audience: Audience) -> Iterator[None]:
    _audience.append(audience)
    try:
        yield
    finally:
        _audience.remove(audience)


@contextmanager
def beside() -> Iterator[None]:
    """Nothing that is waited for in the block is shown: something else is. Threads inherit it by `inheriting`."""
    before = _beside.set(True)
    try:
        yield
    finally:
        _beside.reset(before)


def inheriting(do: Callable[[], Answer]) -> Callable[[], Answer]:
    """The same, to be done by another thread: what goes on beside here does so there."""
    return partial(copy_context().run, do)


@contextmanager
def waiting_for(
    what: What, *, limit: float | None = LONGEST, log: Path | None = None, is_all: bool = False
) -> Iterator[Wait]:
    """For as long as the block takes; no `limit` where somebody said how long, or sees to it in another way.

    Begins with a verb in -ing: “deploying the stacks”.
    """
    wait = Wait(what, limit, log, is_all, is_seen=not _beside.get())
    with _lock:
        _open.append(wait)
    try:
        for each in _audience:
            each.begins(wait)
        yield wait
    finally:
        with _lock:
            _open.remove(wait)
            for left in [each for each in _open if each.thread == wait.thread][-1:]:
                left.resumed = time.monotonic()
        for each in _audience:
            each.ends(wait)


def await_until(
    ready: Callable[[], Answer], *, seconds: float, what: What | None = None, poll: float | None = None
) -> Answer:
    """The first answer that is true, else the last one. Asks at least once, however little time there is.

    Without `what` somebody else says what is waited for.
    """
    deadline = time.monotonic() + seconds
    with waiting_for(what, limit=None) if what else nullcontext():
        while not (answer := ready()) and time.monotonic() <= deadline:
            time.sleep(POLL_SECONDS if poll is None else poll)
    return answer
