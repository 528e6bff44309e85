"""The order's rules: the first decision stands, and each state can only be reached from those before it."""

import itertools
from datetime import timedelta

import pytest

from contexts.orders.domain.errors import IllegalTransition
from contexts.orders.domain.lifecycle import FOLLOWS, OPEN, Change, ChangeType, Completion, Decision, Status, change_to
from contexts.orders.domain.order import Order
from contexts.orders.domain.refusals import NotPlacedYet, OrderNotWaiting
from tests.fakes.orders import NOON, ORDER_ID, draft

BY_PEOPLE = [Decision.ACCEPTED, Decision.REJECTED, Decision.CANCELLED]


def placed() -> Order:
    return draft().become(Status.PLACED, NOON).restaurant_notified(NOON)


def accepted() -> Order:
    return placed().decide(Decision.ACCEPTED).become(Status.ACCEPTED, NOON)


@pytest.mark.parametrize("decision", BY_PEOPLE)
def test_the_first_decision_stands_and_the_same_again_changes_nothing(decision: Decision) -> None:
    decided = placed().decide(decision, reason="first")
    assert decided.decide(decision, reason="second") == decided
    for other in set(BY_PEOPLE) - {decision}:
        refused = decided.decide(other)
        assert refused == OrderNotWaiting(decided, other)
        assert f"it is {decision}" in str(refused)


def test_a_draft_can_not_be_decided_yet() -> None:
    assert draft().decide(Decision.CANCELLED) == NotPlacedYet(ORDER_ID) == draft().deliver()


def test_a_status_is_taken_only_after_the_decision_for_it() -> None:
    with pytest.raises(IllegalTransition):
        placed().become(Status.ACCEPTED, NOON)
    with pytest.raises(IllegalTransition):
        placed().decide(Decision.REJECTED).become(Status.ACCEPTED, NOON)
    with pytest.raises(IllegalTransition):
        accepted().become(Status.COMPLETED, NOON)


def test_every_pair_of_statuses_is_either_in_the_lifecycle_or_refused() -> None:
    decided = {Status.COMPLETED: {"completion": Completion.COMPLETED}}
    for before, after in itertools.product(Status, FOLLOWS):
        facts = decided.get(after, {"decision": after.lower() if after.lower() in list(Decision) else None})
        order = draft(status=before, **facts)
        if before in FOLLOWS[after]:
            assert order.become(after, NOON).status is after
        else:
            with pytest.raises(IllegalTransition, match=str(before)):
                order.become(after, NOON)


def test_no_closed_order_opens_again() -> None:
    assert all(before in OPEN for allowed in FOLLOWS.values() for before in allowed)


def test_expiring_gives_way_to_a_decision_that_came_first() -> None:
    assert placed().expire(NOON).status is Status.EXPIRED
    decided = placed().decide(Decision.ACCEPTED)
    assert decided.expire(NOON) == decided


def test_timing_out_gives_way_to_a_completion_that_came_first() -> None:
    assert accepted().time_out(NOON).status is Status.TIMED_OUT
    delivered = accepted().deliver()
    assert delivered.time_out(NOON) == delivered


def test_a_restaurant_may_complete_before_its_acceptance_was_carried_out() -> None:
    assert placed().decide(Decision.ACCEPTED).deliver().completion is Completion.COMPLETED
    assert isinstance(placed().deliver(), OrderNotWaiting)


def test_an_order_that_failed_can_not_be_decided_any_more() -> None:
    failed = placed().become(Status.FAILED, NOON)
    for decision in BY_PEOPLE:
        refused = failed.decide(decision)
        assert isinstance(refused, OrderNotWaiting)
        assert "FAILED" in str(refused)
    assert isinstance(accepted().become(Status.FAILED, NOON).deliver(), OrderNotWaiting)


@pytest.mark.parametrize(
    ("order", "timed_out", "end"),
    [
        (placed(), False, Status.FAILED),
        (placed(), True, Status.TIMED_OUT),
        (placed().decide(Decision.REJECTED), True, Status.REJECTED),
        (placed().decide(Decision.CANCELLED), False, Status.CANCELLED),
        (placed().decide(Decision.ACCEPTED), False, Status.FAILED),
        (accepted(), True, Status.TIMED_OUT),
        (accepted().deliver(), True, Status.COMPLETED),
        (draft(), False, Status.FAILED),
    ],
)
def test_an_order_whose_workflow_was_stopped_ends_as_it_was_decided_if_that_is_known(
    order: Order, timed_out: bool, end: Status
) -> None:
    assert order.end_for(timed_out=timed_out) is end
    assert order.become(end, NOON).status is end


def test_a_change_never_gets_a_time_before_the_one_that_it_follows() -> None:
    order = draft().become(Status.PLACED, NOON).restaurant_notified(NOON - timedelta(seconds=5))
    assert [str(change.type) for change, _ in order.history] == ["order_placed", "restaurant_notified"]
    assert order.changes[Change(ChangeType.RESTAURANT_NOTIFIED)] == NOON


def test_each_change_names_the_one_that_led_to_it() -> None:
    order = accepted().user_notified(Status.ACCEPTED, NOON).deliver().become(Status.COMPLETED, NOON)
    causes = {change.key: cause.key if (cause := order.cause_of(change)) else None for change in order.changes}
    assert causes == {
        "order_placed": None,
        "restaurant_notified": "order_placed",
        "order_accepted": "restaurant_notified",
        "user_notified:accepted": "order_accepted",
        "order_completed": "order_accepted",
    }


def test_a_change_is_read_back_from_its_key() -> None:
    for change in [*map(change_to, FOLLOWS), Change(ChangeType.USER_NOTIFIED, Status.TIMED_OUT)]:
        assert Change.from_key(change.key) == change
