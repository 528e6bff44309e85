"""Record what the program waits for, since when, and how long it may.

Code that takes more than a moment says so with `waiting_for`. The audience (takeaway/waiting_shown.py) shows it to
people, and ends waits that exceed their limit. A program without an audience waits silently.
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
LONGEST = 3600.0  # seconds; the default limit of a wait
Answer = TypeVar("Answer")
What = str | Callable[[], str]  # a function gives a text that changes, such as the seconds left


@dataclass(eq=False)
class Wait:
    """A thing that is waited for. `share` is (done, total), `limit` is in seconds, `log` a file that tells more.

    `is_all` marks the wait for a whole command, which is shown only when no part of it is waited for. A wait that is
    not `is_seen` happens in the background.
    """

    what: What
    limit: float | None = LONGEST
    log: Path | None = None
    is_all: bool = False
    is_seen: bool = True
    share: tuple[int, int] | None = None
    began: float = field(default_factory=time.monotonic)
    resumed: float = field(default_factory=time.monotonic)  # when the last wait within it ended
    thread: int = field(default_factory=get_ident)

    def goes_on_with(self, what: What) -> None:
        """Wait for another thing now; its time, and that until the limit, begins anew."""
        self.what, self.began = what, time.monotonic()

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.began

    def __str__(self) -> str:
        return self.what if isinstance(self.what, str) else self.what()


class Audience(Protocol):
    """Hears of waits; both methods are called in the thread that waits."""

    def begins(self, wait: Wait) -> None: ...

    def ends(self, wait: Wait) -> None: ...


_open: list[Wait] = []
_audience: list[Audience] = []
_lock = Lock()
_beside = ContextVar("beside", default=False)


def open_waits() -> Sequence[Wait]:
    """Return the waits of all threads; the last one began last."""
    with _lock:
        return tuple(_open)


def is_shown() -> bool:
    return bool(_audience)


def overdue() -> Wait | None:
    """Return a wait that exceeds its limit; None if none does. Only the innermost wait of a thread counts."""
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
    """Do not show waits of the block, because it runs in the background. Threads inherit this by `inheriting`."""
    before = _beside.set(True)
    try:
        yield
    finally:
        _beside.reset(before)


def inheriting(do: Callable[[], Answer]) -> Callable[[], Answer]:
    """Wrap a function for another thread, so that it is in the background there if it is here."""
    return partial(copy_context().run, do)


@contextmanager
def waiting_for(
    what: What, *, limit: float | None = LONGEST, log: Path | None = None, is_all: bool = False
) -> Iterator[Wait]:
    """Record a wait while the block runs; `limit` None if the block limits its time itself.

    `what` begins with a verb in -ing: “deploying the stacks”.
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
    """Call `ready` until its answer is true, for up to `seconds`, and return the last answer. Calls it at least once.

    `what` None if the caller already shows what is waited for.
    """
    deadline = time.monotonic() + seconds
    with waiting_for(what, limit=None) if what else nullcontext():
        while not (answer := ready()) and time.monotonic() <= deadline:
            time.sleep(POLL_SECONDS if poll is None else poll)
    return answer
