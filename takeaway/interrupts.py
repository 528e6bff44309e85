"""Delay or ignore Ctrl-C and termination signals where they would come at a bad moment."""

import contextlib
import signal
import threading
from collections.abc import Iterator
from types import FrameType

NUMBERS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGUSR1)  # SIGUSR1 is our own: time is up


@contextlib.contextmanager
def to_the_end() -> Iterator[None]:
    """Ignore signals while the block cleans up, so that a second Ctrl-C does not stop it half-way."""
    with handled_by(lambda *_: None, *NUMBERS):
        yield


@contextlib.contextmanager
def held_back() -> Iterator[None]:
    """Delay signals until the block's end.

    Used while a process is started: a signal before its id is recorded would leave it running.
    """
    came: list[int] = []
    with handled_by(lambda number, _: came.append(number), *NUMBERS):
        yield
    if came:
        signal.raise_signal(came[0])


@contextlib.contextmanager
def handled_by(handler: "signal._HANDLER", *numbers: signal.Signals) -> Iterator[None]:
    """Install a signal handler while the block runs. Ignored signals (nohup) stay ignored.

    Does nothing outside the main thread, because Python delivers signals only there.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.getsignal(number) for number in numbers}
    for number, handling in before.items():
        if handling is not signal.SIG_IGN:
            signal.signal(number, handler)
    try:
        yield
    finally:
        for number, handling in before.items():
            signal.signal(number, handling)


def end_at_once(number: int, _: FrameType | None) -> None:
    """Raise SystemExit for a termination signal, so that everything that was started is stopped as after Ctrl-C."""
    raise SystemExit(128 + number)
