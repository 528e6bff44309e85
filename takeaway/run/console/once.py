"""Answers that several who watch share: asked for once, however many want to know the same at the same time."""

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any

MOST = 300  # answers that are kept; the one that nobody has asked for longest goes


class Once:
    def __init__(self) -> None:
        self._lock = Lock()
        self._kept: OrderedDict[Hashable, _Answer] = OrderedDict()

    def __call__(self, key: Hashable, ask: Callable[[], Any], *, good_for: float) -> Any:
        """The answer, if there is one that is not older than so many seconds; else whoever comes first asks."""
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
        """Somebody has changed what it is about."""
        with self._lock:
            self._kept.pop(key, None)


class _Answer:
    def __init__(self) -> None:
        self.lock, self.at, self.value = Lock(), float("-inf"), None
