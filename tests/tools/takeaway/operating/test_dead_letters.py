"""A look into a dead-letter queue: its messages, and the reasons as far as they are recorded."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from takeaway.run.client.dead_letters import UNKNOWN, await_first, look
from takeaway.run.client.functions import IDS_AT_ONCE, reason
from takeaway.run.client.subscription import Subscription
from tests.tools.takeaway.operating.conftest import bodies, put

Log = Callable[..., None]


def error(message_id: str, message: str, **more: Any) -> dict[str, Any]:
    return {"level": "ERROR", "message_id": message_id, "message": message, **more}


def test_an_empty_queue_has_no_dead_letters(subscription: Subscription) -> None:
    assert look(subscription, limit=10) == []


def test_looking_takes_nothing_away_and_counts(subscription: Subscription) -> None:
    put(subscription.dead_letters, "one")
    (first,) = look(subscription, limit=10)
    (second,) = look(subscription, limit=10)
    assert (first.body, first.received, second.received) == ("one", 1, 2)
    assert (datetime.now(UTC) - first.sent_at).total_seconds() < 60
    assert bodies(subscription.dead_letters) == ["one"]


def test_no_more_are_looked_at_than_was_asked_for(subscription: Subscription) -> None:
    put(subscription.dead_letters, *map(str, range(25)))
    assert len(look(subscription, limit=12)) == 12
    assert subscription.dead_letters.depth().in_flight == 0


def test_the_reason_is_the_last_error_that_the_function_logged_of_the_message(
    subscription: Subscription, log: Log
) -> None:
    first, second = put(subscription.dead_letters, "one", "two")
    log("START RequestId", error(first, "too early"), error(second, "of another"), error(first, "no lake"))
    log({"level": "INFO", "message_id": first, "message": "no error"}, error("stranger", "not asked for"))
    assert {letter.body: letter.reason for letter in look(subscription, limit=10)} == {
        "one": "no lake",
        "two": "of another",
    }


def test_reasons_of_many_are_looked_up(subscription: Subscription, log: Log) -> None:
    ids = put(subscription.dead_letters, *map(str, range(2 * IDS_AT_ONCE + 1)))
    log(*(error(id_, f"reason of {id_}") for id_ in ids))
    assert {letter.message_id: letter.reason for letter in look(subscription, limit=100)} == {
        id_: f"reason of {id_}" for id_ in ids
    }


def test_the_reason_of_an_undeliverable_event_is_what_the_bus_says(subscription: Subscription) -> None:
    put(subscription.dead_letters, "{}", ERROR_CODE="NO_PERMISSIONS", ERROR_MESSAGE="Lack of permissions", RULE_ARN="a")
    (letter,) = look(subscription, limit=10)
    assert letter.reason == "EventBridge could not deliver it: NO_PERMISSIONS: Lack of permissions"


def test_the_reason_is_what_the_function_failed_of_as_a_whole_where_it_never_came_to_the_message(
    subscription: Subscription, log: Log
) -> None:
    log("[ERROR] ImportError: no library, long ago", ago=600)
    put(subscription.dead_letters, "one")
    log("[ERROR] ImportError: no library\nTraceback", ago=-1)
    (letter,) = look(subscription, limit=10)
    assert letter.reason == "ImportError: no library, before it could look at any message"


@pytest.mark.parametrize("with_a_log", [True, False])
def test_what_nobody_has_said_is_not_known(subscription: Subscription, with_a_log: bool, log: Log) -> None:
    put(subscription.dead_letters, "one")
    if with_a_log:
        log("START RequestId", "[1, 2]", "{")
    assert [letter.reason for letter in look(subscription, limit=10)] == [UNKNOWN]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ({"message": "Message not stored", "reason": "lake unavailable"}, "Message not stored: lake unavailable"),
        ({"message": "no more than that"}, "no more than that"),
        (
            {
                "message": "skipping this record",
                "exception_name": "ValidationError",
                "stack_trace": {"value": "total: missing"},
            },
            "ValidationError: total: missing",
        ),
        (
            {"message": "skipping", "exception_name": "MailNotSent", "exception": "Traceback\n  here\nMailNotSent: no"},
            "MailNotSent: MailNotSent: no",
        ),
        ({"message": "skipping", "exception_name": "MailNotSent"}, "MailNotSent"),
    ],
)
def test_a_reason_is_told_in_the_words_of_the_log(line: dict[str, Any], told: str) -> None:
    assert reason(line) == told


def test_the_first_one_is_waited_for_and_no_longer_than_was_asked_for(subscription: Subscription) -> None:
    await_first(subscription, seconds=0.01)
    put(subscription.dead_letters, "one")
    await_first(subscription, seconds=60)
