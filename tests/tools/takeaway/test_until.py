"""The sources of an order's journey, and waiting for what it is to show."""

import gzip
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest

from takeaway import waiting
from takeaway.run.client.journey import Traces
from takeaway.run.client.outputs import Stack, Stacks
from takeaway.run.client.system import System
from takeaway.run.client.target import Target
from takeaway.run.client.workflow import Step
from takeaway.run.engine.home import Home
from tests.fakes.operating import OnePage
from tests.tools.takeaway.test_journey import at

KEY = "raw/event_type=order_placed/date=2026-11-23/one.ndjson.gz"


class Looks:
    """A system in which an order enters one more state from look to look."""

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
    """Return the final number of states, and the missing ones."""
    traces, missing = System.traces_until(cast(Any, Looks(*states)), "order-1", wanted, seconds=seconds)
    return len(traces.steps), list(missing)


def test_it_looks_until_everything_is_there_and_no_longer() -> None:
    assert looked("Place order", "Notify restaurant", "Accept order", wanted=("Notify",), seconds=60) == (2, [])
    assert looked("Place order", "Notify restaurant", wanted=("Notify", "Place order"), seconds=60) == (2, [])


def test_without_anything_to_wait_for_it_looks_once() -> None:
    assert looked("Place order", "Notify restaurant", wanted=(), seconds=60) == (1, [])


def test_what_has_not_come_when_the_time_is_up_is_named() -> None:
    assert looked("Place order", wanted=("Place order", "Complete order"), seconds=0.01) == (1, ["Complete order"])


class Requests:
    """A service that has nothing about the order; records its requests."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def get_paginator(self, operation: str) -> OnePage:
        self.asked.append(operation)
        return OnePage(lambda **_: {"Items": [], "events": [], "Contents": [{"Key": KEY, "LastModified": at(0)}]})

    def __getattr__(self, operation: str) -> Any:
        self.asked.append(operation)
        return lambda **_: {"Body": io.BytesIO(gzip.compress(b""))}


def test_a_journey_asks_the_lake_for_nothing_unless_it_is_to_look_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lake, rest = Requests(), Requests()
    clients = {"s3": lake, "dynamodb": rest, "stepfunctions": rest}
    system = System(Target(Home(tmp_path), endpoint="http://here", _clients=clients))
    outputs = {
        "orders": {"StateMachineArn": "arn", "OrdersTable": "orders"},
        "console": {"JournalTable": "journal"},
        "promotions": {"VouchersTable": "vouchers"},
        "analytics": {"LakeBucket": "lake"},
    }
    stacks = {name: Stack(name, "CREATE_COMPLETE", said) for name, said in outputs.items()}
    system.__dict__["stacks"] = Stacks(stacks)
    system.__dict__["mails"] = type("Mails", (), {"naming": lambda *_: []})()
    found = system.traces("order-1", search=False)
    assert (found.unsearched, [*found.known], lake.asked) == (["the lake"], ["promotions"], [])
    assert rest.asked == ["query", "get_execution_history", "get_item"]
    looked = system.traces("order-1")
    assert (looked.unsearched, sorted(looked.known)) == ([], ["analytics", "promotions"])
