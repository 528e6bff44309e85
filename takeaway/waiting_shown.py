"""Shows a person what is waited for and how long already: one line that moves in a terminal, elsewhere lines that stay.

Only what takes over a second is shown. Of waits within each other it is the innermost, which began last.
"""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from time import monotonic

from rich.console import Console, RenderableType
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.spinner import Spinner
from rich.table import Table
from rich.text import Text

from takeaway.unseen import visible
from takeaway.waiting import Wait, open_waits, shown_to

AT_FIRST, THEN = 1.0, 5.0  # seconds until a line says so, and until it is said again; each time twice as long
TICK_SECONDS = 0.25
BAR_WIDTH = 24
MARK = "…"  # begins the lines that stay, so that programs can leave them out


@contextmanager
def waits_shown_on(console: Console, *others: Console) -> Iterator[None]:
    """For as long as the block takes, whoever waits in it. What is printed on the others may be on the same screen."""
    moves = console.is_terminal and not console.is_dumb_terminal
    beside = [each for each in others if each.is_terminal]
    with _Moving(console, beside) if moves else _Staying(console) as shown, shown_to(shown):
        yield


def told(wait: Wait) -> str:
    """A text that changes by itself says its time itself."""
    share = f" ({wait.share[0]} of {wait.share[1]})" if wait.share else ""
    text = f"{visible(str(wait))}{share}"
    return text if callable(wait.what) else f"{text} ({wait.seconds:.0f} s)"


class _Moving:
    """A line at the end of the screen with a spinner, gone when nothing is waited for."""

    def __init__(self, console: Console, beside: Sequence[Console]) -> None:
        self._console, self._beside, self._spinner = console, beside, Spinner("dots")
        self._live: Live | None = None

    def __enter__(self) -> "_Moving":
        return self

    def __exit__(self, *_: object) -> None:
        self._stop()

    def begins(self, _: Wait) -> None:
        if self._live is None and threading.current_thread() is threading.main_thread():
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
                each.push_render_hook(self._live)  # so that the line is below whatever is printed there, too

    def ends(self, _: Wait) -> None:
        if not open_waits():
            self._stop()

    def _stop(self) -> None:
        if live := self._live:
            self._live = None
            for each in self._beside:
                each.pop_render_hook()
            live.stop()

    def _picture(self) -> RenderableType:
        waits = open_waits()
        if not waits or waits[0].seconds < AT_FIRST / 2:
            return Text()
        wait = waits[-1]
        text = Text(told(wait), overflow="ellipsis", no_wrap=True)
        if wait.share is None:
            return _beside(self._spinner, text)
        done, total = wait.share
        return _beside(self._spinner, ProgressBar(total=total, completed=done, width=BAR_WIDTH), text)


class _Staying(threading.Thread):
    """Lines for a file or a log: the first after a second, the next ones ever more seldom."""

    def __init__(self, console: Console) -> None:
        super().__init__(daemon=True, name="waits")
        self._console, self._over = console, threading.Event()
        self._said: tuple[Wait, float] | None = None
        self._next = 0.0

    def __enter__(self) -> "_Staying":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self.join()

    def begins(self, _: Wait) -> None: ...

    def ends(self, _: Wait) -> None: ...

    def run(self) -> None:
        last = monotonic()
        while not self._over.wait(TICK_SECONDS):
            waits = open_waits()
            if not waits:
                last = monotonic()
                continue
            last = self._look(waits[-1], last)

    def _look(self, wait: Wait, last: float) -> float:
        is_new = self._said != (wait, wait.began)
        silent = monotonic() - last
        if silent < (AT_FIRST if is_new else self._next) or (wait.seconds < AT_FIRST and silent < THEN):
            return last
        self._next = THEN if is_new else 2 * self._next
        self._said = (wait, wait.began)
        self._console.print(f"{MARK} {told(wait)}", markup=False, style="dim")
        return monotonic()


def _beside(*parts: RenderableType) -> Table:
    line = Table.grid(padding=(0, 1))
    line.add_row(*parts)
    return line
