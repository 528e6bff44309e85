"""Waiting for what an order's journey is to show."""

from collections.abc import Iterator
from typing import Any, cast

import pytest

from takeaway import waiting
from takeaway.run.client.journey import Traces
from takeaway.run.client.system import System
from takeaway.run.client.workflow import Step
from tests.tools.takeaway.test_journey import at


class Looks:
    """A system in which, from look to look, an order enters one state more."""

    def __init__(self, *states: str) -> None:
        self._seen: Iterator[int] = iter(range(1, len(states) + 1))
        self._states, self._last = states, 0

    def traces(self, order_id: str, *, search: bool) -> Traces:
        self._last = next(self._seen, self._last)
        return Traces(steps=[Step(at(number), name) for number, name in enumerate(self._states[: self._last])])


@pytest.fixture(autouse=True)
def without_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting, "POLL_SECONDS", 0)


def looked(*states: str, wanted: tuple[str, ...], seconds: float) -> tuple[int, list[str]]:
    """How many states there were in the end, and what was missing."""
    traces, missing = System.traces_until(cast(Any, Looks(*states)), "order-1", wanted, seconds=seconds)
    return len(traces.steps), list(missing)


def test_it_looks_until_everything_is_there_and_no_longer() -> None:
    assert looked("Place order", "Notify restaurant", "Accept order", wanted=("Notify",), seconds=60) == (2, [])
    assert looked("Place order", "Notify restaurant", wanted=("Notify", "Place order"), seconds=60) == (2, [])


def test_without_anything_to_wait_for_it_looks_once() -> None:
    assert looked("Place order", "Notify restaurant", wanted=(), seconds=60) == (1, [])


def test_what_has_not_come_when_the_time_is_up_is_named() -> None:
    assert looked("Place order", wanted=("Place order", "Complete order"), seconds=0.01) == (1, ["Complete order"])
