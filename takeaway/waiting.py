"""Waiting for something that nobody tells us of: asked for again and again, until it is so or the time is up."""

import time
from collections.abc import Callable
from typing import TypeVar

POLL_SECONDS = 0.2
Answer = TypeVar("Answer")


def await_until(ready: Callable[[], Answer], *, seconds: float, poll: float | None = None) -> Answer:
    """The first answer that is true, else the last one. Asks at least once, however little time there is."""
    deadline = time.monotonic() + seconds
    while not (answer := ready()) and time.monotonic() <= deadline:
        time.sleep(POLL_SECONDS if poll is None else poll)
    return answer
