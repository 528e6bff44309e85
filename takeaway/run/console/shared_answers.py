"""Share answers between pages: a question that several ask at the same time is asked once."""

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any

MOST = 300  # answers kept; the least recently used is dropped


class Once:
    """A cache of answers by key, which lets only one thread at a time ask for the same key."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._kept: OrderedDict[Hashable, _Answer] = OrderedDict()

    def __call__(self, key: Hashable, ask: Callable[[], Any], *, good_for: float) -> Any:
        """Return an answer not older than `good_for` seconds; if there is none, call `ask` and keep its result."""
        with self._lock:
            answer = self._kept.setdefault(key, _Answer())
            self._kept.move_to_end(key)
            if len(self._kept) > MOST:
                self._kept.popitem(last=False)
        with answer.lock:
            if time.monotonic() - answer.at > good_for:
                answer.value, answer.at = ask(), time.monotonic()
            return answer.value

    def forget(self, key: Hashable) -> None:
        """Drop an answer, because what it says has changed."""
        with self._lock:
            self._kept.pop(key, None)


class _Answer:
    def __init__(self) -> None:
        self.lock, self.at, self.value = Lock(), float("-inf"), None
