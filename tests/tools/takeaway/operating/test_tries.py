"""The failures in a log tell whether they go on, since when, and when the next try is."""

from datetime import UTC, datetime, timedelta

import pytest

from takeaway.run.client.failures import Failure
from takeaway.run.client.queues import Redelivery
from takeaway.run.client.tries import SOON, Tries, began, tries

NOON = datetime(2026, 11, 29, 12, tzinfo=UTC)
OF_A_MESSAGE = Redelivery(timedelta(seconds=60), at_most=3)


def at(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def failed(*seconds: float, message: str = "one") -> list[Failure]:
    return [Failure(at(each), "KeyError: 'total'", message_id=message) for each in seconds]


def test_a_message_that_failed_comes_again_when_it_is_visible_again() -> None:
    assert tries(failed(0), OF_A_MESSAGE, now=at(5)) == Tries(1, 3, next_at=at(60))
    assert tries(failed(0, 60), OF_A_MESSAGE, now=at(65)) == Tries(2, 3, next_at=at(120))


def test_a_try_that_is_due_may_be_a_little_late() -> None:
    late = SOON.total_seconds()
    assert tries(failed(0), OF_A_MESSAGE, now=at(60 + late - 1)) is not None
    assert tries(failed(0), OF_A_MESSAGE, now=at(60 + late)) is None, "it was tried again, and did not fail"


def test_after_its_last_try_a_message_is_a_dead_letter_as_soon_as_it_is_due() -> None:
    last = tries(failed(0, 60, 120), OF_A_MESSAGE, now=at(125))
    assert last == Tries(3, 3, next_at=at(180))
    assert last.is_last
    assert tries(failed(0, 60, 120), OF_A_MESSAGE, now=at(180)) is None


def test_of_several_messages_the_one_that_comes_soonest_is_told() -> None:
    both = sorted([*failed(0, message="one"), *failed(30, message="two")], key=lambda each: each.at)
    assert tries(both, OF_A_MESSAGE, now=at(35)) == Tries(1, 3, next_at=at(60))
    assert tries([], OF_A_MESSAGE, now=NOON) is None


def test_a_function_that_fails_as_a_whole_has_tried_no_more_than_a_message_can_be() -> None:
    assert tries(failed(*range(0, 300, 20), message=""), OF_A_MESSAGE, now=at(281)) == Tries(3, 3, next_at=at(300))


def test_failures_of_the_whole_function_are_not_taken_for_tries_of_one_message() -> None:
    """Three messages waited when code came that can't be loaded: each has been tried once."""
    assert tries(failed(0, 1, 2, message=""), OF_A_MESSAGE, now=at(5)) == Tries(1, 3, next_at=at(60))
    again = failed(0, 1, 2, 59, 61, 62, message="")
    assert tries(again, OF_A_MESSAGE, now=at(65)) == Tries(2, 3, next_at=at(119))


def test_a_whole_function_that_failed_earlier_and_was_mended_begins_with_its_first_try() -> None:
    assert tries(failed(0, 60, 120, 1000, message=""), OF_A_MESSAGE, now=at(1005)) == Tries(1, 3, next_at=at(1060))


def test_a_whole_function_is_failing_still_when_its_next_failure_is_a_little_late() -> None:
    long_down = failed(0, 60, 120, 180, 240, message="")
    assert tries(long_down, OF_A_MESSAGE, now=at(301)) == Tries(3, 3, next_at=at(300))
    assert tries(long_down, OF_A_MESSAGE, now=at(300) + SOON) is None


@pytest.mark.parametrize(
    ("seconds", "since"),
    [
        ((0,), 0),
        ((0, 60, 120), 0),
        ((0, 60, 200, 260), 200),  # in between it worked, or nothing was delivered
        ((0, 60 + SOON.total_seconds()), 0),
    ],
)
def test_failures_began_with_the_first_that_others_followed_in_time(seconds: tuple[float, ...], since: float) -> None:
    assert began(failed(*seconds), OF_A_MESSAGE.after) == at(since)


def test_what_never_failed_began_never() -> None:
    assert began([], OF_A_MESSAGE.after) is None
