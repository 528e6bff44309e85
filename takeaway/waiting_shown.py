"""Show what is waited for, and since when: as one moving line in a terminal, elsewhere as lines that stay.

Only waits of over a second are shown, and of nested ones the innermost. A wait that exceeds its limit is ended like by
Ctrl-C, so that all that it has started is cleaned up.
"""

import signal
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from time import monotonic
from typing import Protocol

from rich.console import Console, RenderableType
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.spinner import Spinner
from rich.table import Table
from rich.text import Text

from takeaway.errors import TookTooLong
from takeaway.interrupts import handled_by
from takeaway.unseen import visible
from takeaway.waiting import Wait, is_shown, open_waits, overdue, shown_to, waiting_for

AT_FIRST, THEN = 1.0, 5.0  # seconds until the first line, and until the second; then each pause is twice as long
TICK_SECONDS = 0.25
BAR_WIDTH = 24
MARK = "…"  # begins the lines that stay, so that programs can leave them out


@contextmanager
def waits_shown_on(console: Console, *others: Console) -> Iterator[None]:
    """Show the waits of all threads on `console` while the block runs.

    `others` are consoles on the same screen. If one of them is piped, the reading program may print there too, so lines
    that stay are used. Raises TookTooLong in the main thread. A nested call changes nothing.
    """
    if is_shown():
        yield
        return
    moves = all(each.is_terminal and not each.is_dumb_terminal for each in (console, *others))
    shown = _Moving(console, others) if moves else _Staying(console)
    clock = _Clock(shown)
    with handled_by(clock.end, signal.SIGUSR1), shown_to(shown), clock:
        try:
            yield
        finally:
            shown.end()


def without_waits(text: str) -> str:
    """Remove the lines about waits from a program's output."""
    return "".join(line for line in text.splitlines(keepends=True) if not line.startswith(f"{MARK} "))


@contextmanager
def nothing_shown() -> Iterator[None]:
    """Show nothing while the block runs, such as while a question is asked where the line would be."""
    with waiting_for("", limit=None):
        yield


def told(wait: Wait) -> str:
    """Write a wait as text, with its seconds unless its text changes by itself."""
    share = f" ({wait.share[0]} of {wait.share[1]})" if wait.share else ""
    text = f"{visible(str(wait))}{share}"
    return text if callable(wait.what) else f"{text} ({wait.seconds:.0f} s)"


def _worth_showing() -> Wait | None:
    """Return the wait to show: the innermost one; None if it is only a command that has just gone on."""
    waits = [wait for wait in open_waits() if wait.is_seen]
    if not waits or not str(waits[-1]):
        return None
    return None if waits[-1].is_all and monotonic() - waits[-1].resumed < AT_FIRST else waits[-1]


class _Shown(Protocol):
    def begins(self, wait: Wait) -> None: ...

    def ends(self, wait: Wait) -> None: ...

    def tick(self) -> None: ...

    def end(self) -> None: ...


class _Moving:
    """Shows a line with a spinner at the end of the screen, which disappears when nothing is waited for."""

    def __init__(self, console: Console, beside: Sequence[Console]) -> None:
        self._console, self._beside, self._spinner = console, beside, Spinner("dots")
        self._live: Live | None = None

    def begins(self, wait: Wait) -> None:
        if not str(wait):
            self.end()
        elif self._live is None and wait.is_seen and threading.current_thread() is threading.main_thread():
            self._live = Live(
                console=self._console,
                get_renderable=self._picture,
                refresh_per_second=5,
                transient=True,
                redirect_stdout=False,
                redirect_stderr=False,
            )
            self._live.start()
            for each in self._beside:
                each.push_render_hook(self._live)  # keeps the line below other output on the same screen

    def ends(self, _: Wait) -> None:
        if all(wait.is_all or not wait.is_seen for wait in open_waits()):
            self.end()

    def tick(self) -> None: ...

    def end(self) -> None:
        if live := self._live:
            self._live = None
            for each in self._beside:
                each.pop_render_hook()
            live.stop()

    def _picture(self) -> RenderableType:
        wait = _worth_showing()
        if wait is None or open_waits()[0].seconds < AT_FIRST / 2:
            return Text()
        text = Text(told(wait), overflow="ellipsis", no_wrap=True)
        if wait.share is None:
            return _beside(self._spinner, text)
        done, total = wait.share
        return _beside(self._spinner, ProgressBar(total=total, completed=done, width=BAR_WIDTH), text)


class _Staying:
    """Prints lines for a file or a log: the first after a second, the next ones after ever longer pauses."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._said: tuple[Wait, float] | None = None
        self._next, self._last = 0.0, monotonic()

    def begins(self, _: Wait) -> None: ...

    def ends(self, _: Wait) -> None: ...

    def end(self) -> None: ...

    def tick(self) -> None:
        wait = _worth_showing()
        if wait is None:
            self._last = monotonic()
            return
        is_new, silent = self._said != (wait, wait.began), monotonic() - self._last
        if silent < (AT_FIRST if is_new else self._next) or (wait.seconds < AT_FIRST and silent < THEN):
            return
        self._next, self._said, self._last = THEN if is_new else 2 * self._next, (wait, wait.began), monotonic()
        self._console.print(f"{MARK} {told(wait)}", markup=False, style="dim")


class _Clock(threading.Thread):
    """Checks the waits regularly, and ends one that exceeds its limit, in the main thread, which then cleans up."""

    def __init__(self, shown: _Shown) -> None:
        super().__init__(daemon=True, name="waits")
        self._shown, self._over = shown, threading.Event()

    def __enter__(self) -> None:
        self.start()

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self.join()

    def run(self) -> None:
        while not self._over.wait(TICK_SECONDS):
            self._shown.tick()
            if overdue():
                signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGUSR1)

    def end(self, *_: object) -> None:
        """Raise TookTooLong once; a second time would interrupt the cleaning up."""
        wait = overdue()
        if wait is None or self._over.is_set():
            return
        self._over.set()
        logs = [each.log for each in reversed(open_waits()) if each.log]
        raise TookTooLong(str(wait), wait.limit or 0, wait.log or (logs[0] if logs else None))


def _beside(*parts: RenderableType) -> Table:
    line = Table.grid(padding=(0, 1))
    line.add_row(*parts)
    return line
