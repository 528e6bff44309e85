"""The failures of a function, read from its log: with the line of code that raised each."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from takeaway.run.client.failures import Failure, failures
from takeaway.run.client.subscription import Subscription

HANDLER = "/var/task/contexts/loyalty/handlers/count_points.py"
FRAMES = [
    {"file": "/opt/python/powertools/batch.py", "line": 564},
    {"file": HANDLER, "line": 22},
    {"file": "/var/lang/json/decoder.py", "line": 337},
]
TRACEBACK = f"""Traceback (most recent call last):
  File "{HANDLER}", line 7, in handler
  File "/lib/json.py", line 9, in load"""


def lately(subscription: Subscription) -> list[Failure]:
    since = datetime.now(UTC) - timedelta(minutes=5)
    return failures(subscription.target, subscription.function, since=since)


def test_a_failed_message_is_told_with_its_order_and_the_last_line_of_our_own_code(
    subscription: Subscription, log: Callable[..., None]
) -> None:
    line = {
        "level": "WARNING",
        "message": "Record processing exception; skipping this record",
        "message_id": "one",
        "correlation_id": "order-1",
        "exception_name": "KeyError",
        "stack_trace": {"value": "'total'", "frames": FRAMES},
    }
    log("START RequestId", line, "END RequestId")
    (failure,) = lately(subscription)
    assert (failure.reason, failure.message_id, failure.order_id) == ("KeyError: 'total'", "one", "order-1")
    assert failure.where == "contexts/loyalty/handlers/count_points.py:22"
    assert failure.told == "KeyError: 'total' (contexts/loyalty/handlers/count_points.py:22)"


OUT_OF_TIME = "2026-11-29T12:00:00Z 1-2 Task timed out after 3.00 seconds"
KILLED = "RequestId: 1 Error: Runtime exited with error: signal: killed"
NOT_THERE = "Runtime.ImportModuleError: Unable to import module 'gone': No module named 'gone'"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (f"[ERROR] KeyError: 'total'\n{TRACEBACK}", "KeyError: 'total' (contexts/loyalty/handlers/count_points.py:7)"),
        (f"[ERROR] {NOT_THERE}\nTraceback", NOT_THERE),
        (OUT_OF_TIME, OUT_OF_TIME),
        (KILLED, KILLED),
    ],
)
def test_a_function_that_fails_as_a_whole_is_told_by_lambda(
    subscription: Subscription, log: Callable[..., None], text: str, told: str
) -> None:
    log(text)
    assert [each.told for each in lately(subscription)] == [told]


@pytest.mark.parametrize(
    "line",
    [
        {"level": "INFO", "message_id": "one", "message": "done"},
        {"level": "WARNING", "message": "The mail can't be read; the voucher is kept"},
        "[ERROR]\t2026-11-29T12:00:00Z\t1-2\tlogged, and not raised",
        "START RequestId: 1",
        "REPORT RequestId: 1 Duration: 2 ms",
    ],
)
def test_what_is_no_failure_is_not_told(subscription: Subscription, log: Callable[..., None], line: Any) -> None:
    log(line)
    assert lately(subscription) == []


def test_failures_come_in_the_order_of_happening_and_none_from_before(
    subscription: Subscription, log: Callable[..., None]
) -> None:
    for ago, name in ((400, "too old"), (10, "second"), (200, "first")):
        log({"level": "ERROR", "message_id": name, "message": name}, ago=ago)
    assert [each.reason for each in lately(subscription)] == ["first", "second"]


def test_a_function_without_a_log_failed_of_nothing(subscription: Subscription) -> None:
    assert lately(subscription) == []
