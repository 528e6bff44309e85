"""The effects of an outage: what stops, and how it is made up for afterwards."""

from datetime import UTC, datetime

import pytest

from contexts.orders.reader import Kept
from takeaway.study.compare.capabilities import Outcome, Traces, outcome, seen
from takeaway.study.compare.living import Life

NOW = datetime(2026, 11, 25, tzinfo=UTC)
WHOLE = ("order_placed", "restaurant_notified", "order_accepted", "user_notified:accepted", "order_completed")


def traces(status: str, *changes: str, messages: int = 1, voucher: bool = False, lake: tuple[str, ...] = ()) -> Traces:
    return Traces(Kept("anna", "roma", status, dict.fromkeys(changes, NOW)), messages, voucher, frozenset(lake))


def test_an_order_that_goes_well_has_everything() -> None:
    lake = tuple(change.partition(":")[0] for change in WHOLE)
    found = seen(Life("order", True, True), traces("COMPLETED", *WHOLE, voucher=True, lake=lake))
    assert all(found.values())


def test_what_comes_after_a_step_that_stopped_was_not_reached() -> None:
    found = seen(Life("order"), traces("PLACED", "order_placed", messages=0, lake=("order_placed",)))
    assert {name for name, there in found.items() if there is None} == {"accepted", "completed", "voucher"}
    assert (found["placed"], found["restaurant told"], found["customer knows"]) == (True, False, False)


def test_an_order_that_was_refused_has_nothing_and_keeps_nobody_waiting() -> None:
    found = seen(Life(), Traces(None, 0, voucher=False, lake=frozenset()))
    assert found == {"placed": False} | dict.fromkeys(set(found) - {"placed"})


def test_a_customer_whose_order_failed_knows_it_by_an_email_about_that() -> None:
    changes = ("order_placed", "order_failed")
    assert not seen(Life("order"), traces("FAILED", *changes))["customer knows"]
    assert seen(Life("order"), traces("FAILED", *changes, "user_notified:failed"))["customer knows"]


def test_a_change_without_its_line_is_missing_in_the_lake() -> None:
    kept = traces("PLACED", "order_placed", "restaurant_notified", lake=("order_placed",))
    assert seen(Life("order"), kept)["in the lake"] is False


@pytest.mark.parametrize(
    ("looks", "found"),
    [
        ([True, True, True, True], Outcome.WORKS),
        ([False, True, True, True], Outcome.LATER),
        ([False, False, True, True], Outcome.REDRIVEN),
        ([False, False, False, True], Outcome.REPLAYED),
        ([False, False, False, False], Outcome.NEVER),
        ([None, None, None, None], Outcome.NOT_REACHED),
        ([None, None, True, True], Outcome.REDRIVEN),
    ],
)
def test_an_outcome_is_the_first_time_that_it_was_there(looks: list[bool | None], found: Outcome) -> None:
    assert outcome(looks) is found
