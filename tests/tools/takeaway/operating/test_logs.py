"""The logs of a context's functions, merged into one."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest

from takeaway.run.client import logs as module
from takeaway.run.client.logs import ContextLogs
from takeaway.run.client.outputs import Stack, Stacks
from takeaway.run.client.subscription import Subscription
from takeaway.run.client.system import System

Log = Callable[..., None]
COUNT, TIDY = "takeaway-dev-loyalty-count", "takeaway-dev-loyalty-tidy-up"


@pytest.fixture
def system(subscription: Subscription, aws: dict[str, Any], log: Log) -> System:
    """Return a system with two functions of a context, and one of another whose name begins alike."""
    for name in (COUNT, TIDY, "takeaway-dev-loyalty-cards-print"):
        aws["logs"].create_log_group(logGroupName=f"/aws/lambda/{name}")
    log({"level": "INFO", "message": "of another context"}, group="/log/of/takeaway-dev-loyalty-cards-print")
    contexts = ("loyalty", "loyalty-cards")
    stacks = Stacks({each: Stack(f"takeaway-dev-{each}", "CREATE_COMPLETE", {}) for each in contexts})
    return cast(System, SimpleNamespace(target=subscription.target, stacks=stacks))


def story(system: System, order_id: str | None = None) -> ContextLogs:
    return ContextLogs(system, "loyalty", datetime.now(UTC) - timedelta(minutes=60), order_id)


def said(message: str, order_id: str = "", **more: Any) -> dict[str, Any]:
    return {"level": "INFO", "message": message, "correlation_id": order_id or None, "service": "loyalty", **more}


def test_lines_of_all_its_functions_come_in_the_order_of_time(system: System, log: Log) -> None:
    log(said("second", points=7), group=f"/log/of/{COUNT}", ago=10)
    log(said("first"), group=f"/log/of/{TIDY}", ago=20)
    log("third, in plain text", group=f"/log/of/{TIDY}", ago=5)
    found = story(system).new()
    assert [(line.function, line.message) for line in found] == [
        ("tidy-up", "first"),
        ("count", "second"),
        ("tidy-up", "third, in plain text"),
    ]
    assert (found[1].said, found[1].is_trouble) == ("points: 7", False)


def test_an_error_is_there_with_all_of_its_traceback(system: System, log: Log) -> None:
    trace = "Traceback (most recent call last):\n  File here\nKeyError: 'total'"
    log({"level": "ERROR", "message": "skipped", "exception": trace}, group=f"/log/of/{COUNT}", ago=9)
    log(f"[ERROR] KeyError: 'total'\n{trace}", group=f"/log/of/{COUNT}", ago=8)
    structured, plain = story(system).new()
    assert (structured.error, structured.is_trouble) == (trace, True)
    assert (plain.message, plain.error, plain.is_trouble) == ("[ERROR] KeyError: 'total'", trace, True)


def test_what_lambda_says_of_every_call_and_metrics_are_left_out(system: System, log: Log) -> None:
    log(
        "START RequestId: 1",
        {"_aws": {}, "Vouchers": 1},
        "END RequestId: 1",
        "REPORT RequestId: 1",
        group=f"/log/of/{COUNT}",
    )
    assert story(system).new() == []


def test_lines_about_one_order_are_those_that_carry_its_id(system: System, log: Log) -> None:
    log(said("one", "order-1"), said("two", "order-2"), said("none"), group=f"/log/of/{COUNT}")
    assert [line.message for line in story(system, "order-1").new()] == ["one"]


def test_asked_again_only_what_is_new_is_told_be_it_a_little_late(system: System, log: Log) -> None:
    log(said("first"), group=f"/log/of/{COUNT}", ago=3)
    following = story(system)
    assert [line.message for line in following.new()] == ["first"]
    assert following.new() == []
    log(said("late"), group=f"/log/of/{TIDY}", ago=6)
    assert [line.message for line in following.new()] == ["late"]


def test_more_than_one_look_reads_is_told(system: System, log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    log(said("one"), group=f"/log/of/{COUNT}")
    whole = story(system)
    whole.new()
    monkeypatch.setattr(module, "MOST_PAGES", 0)
    cut = story(system)
    cut.new()
    assert (whole.is_cut, cut.is_cut) == (False, True)
