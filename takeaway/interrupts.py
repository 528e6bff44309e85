"""Ctrl-C, and being told to end, where they would come at a bad moment."""

import contextlib
import signal
import threading
from collections.abc import Iterator
from types import FrameType

NUMBERS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGUSR1)  # the last one: time is up


@contextlib.contextmanager
def to_the_end() -> Iterator[None]:
    """What stops things is not itself to be stopped half-way, by a second Ctrl-C say."""
    with handled_by(lambda *_: None, *NUMBERS):
        yield


@contextlib.contextmanager
def held_back() -> Iterator[None]:
    """Between the start of a process and the moment when it is known whom to stop: what comes meanwhile comes then."""
    came: list[int] = []
    with handled_by(lambda number, _: came.append(number), *NUMBERS):
        yield
    if came:
        signal.raise_signal(came[0])


@contextlib.contextmanager
def handled_by(handler: "signal._HANDLER", *numbers: signal.Signals) -> Iterator[None]:
    """In the main thread, since only that one is ever interrupted. What is ignored (nohup) stays ignored."""
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
    """SystemExit unwinds like Ctrl-C does: whatever was started is stopped on the way out."""
    raise SystemExit(128 + number)
