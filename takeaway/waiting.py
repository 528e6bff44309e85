"""Waiting: what for, since when, and how long at most.

Whoever takes more than a moment says so with `waiting_for`, wherever it is; who shows it to a person is its `audience`
(takeaway/waiting_shown.py), of which there is none in tests and in programs that only borrow from here.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import Protocol, TypeVar

POLL_SECONDS = 0.2
Answer = TypeVar("Answer")
What = str | Callable[[], str]  # a text that changes by itself (a deadline that comes nearer) is asked for each time


@dataclass(eq=False)
class Wait:
    """`share` is how much of it is done, of how much; `limit` for how many seconds it may go on, `log` tells more."""

    what: What
    limit: float | None = None
    log: Path | None = None
    share: tuple[int, int] | None = None
    began: float = field(default_factory=time.monotonic)

    def goes_on_with(self, what: What) -> None:
        """The same wait, for another thing: its time begins anew."""
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


def open_waits() -> Sequence[Wait]:
    """Those that are going on, in whichever thread; the last one began last."""
    with _lock:
        return tuple(_open)


@contextmanager
def shown_to(audience: Audience) -> Iterator[None]:
    _audience.append(audience)
    try:
        yield
    finally:
        _audience.remove(audience)


@contextmanager
def waiting_for(what: What, *, limit: float | None = None, log: Path | None = None) -> Iterator[Wait]:
    """For as long as the block takes. Begins with a verb in -ing: “deploying the stacks”."""
    wait = Wait(what, limit, log)
    with _lock:
        _open.append(wait)
    try:
        for each in _audience:
            each.begins(wait)
        yield wait
    finally:
        with _lock:
            _open.remove(wait)
        for each in _audience:
            each.ends(wait)


def await_until(ready: Callable[[], Answer], *, seconds: float, poll: float | None = None) -> Answer:
    """The first answer that is true, else the last one. Asks at least once, however little time there is."""
    deadline = time.monotonic() + seconds
    while not (answer := ready()) and time.monotonic() <= deadline:
        time.sleep(POLL_SECONDS if poll is None else poll)
    return answer
