"""The steps of the workflow: each acts, records its change once, and publishes it at least once."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from contexts.orders.application import steps
from contexts.orders.application.ports import Conflict, MessageNotSent, PublishingFailed
from contexts.orders.domain.errors import IllegalTransition
from contexts.orders.domain.lifecycle import Completion, Decision, Status
from contexts.orders.domain.order import Order
from tests.fakes.orders import NOON, ORDER_ID, World, draft

Step = Callable[[str, World], Order]


def placed(**changes: object) -> Order:
    return draft(**changes).become(Status.PLACED, NOON).restaurant_notified(NOON)


def decided(decision: Decision) -> Order:
    return placed().decide(decision, reason="closed" if decision is Decision.REJECTED else "")


def accepted() -> Order:
    return decided(Decision.ACCEPTED).become(Status.ACCEPTED, NOON)


STEPS = [
    (steps.place_order, draft(), Status.PLACED, "order_placed"),
    (steps.notify_restaurant, draft().become(Status.PLACED, NOON), Status.PLACED, "restaurant_notified"),
    (steps.accept_order, decided(Decision.ACCEPTED), Status.ACCEPTED, "order_accepted"),
    (steps.reject_order, decided(Decision.REJECTED), Status.REJECTED, "order_rejected"),
    (steps.cancel_order, decided(Decision.CANCELLED), Status.CANCELLED, "order_cancelled"),
    (steps.expire_order, placed(), Status.EXPIRED, "order_expired"),
    (steps.notify_user, accepted(), Status.ACCEPTED, "user_notified"),
    (steps.complete_order, accepted().deliver(), Status.COMPLETED, "order_completed"),
    (steps.time_out_order, accepted(), Status.TIMED_OUT, "order_timed_out"),
]
each_step = pytest.mark.parametrize(("step", "before", "status", "event"), STEPS, ids=[step[3] for step in STEPS])


@each_step
def test_a_step_records_its_change_and_publishes_it(step: Step, before: Order, status: Status, event: str) -> None:
    world = World().holding(before)
    assert step(ORDER_ID, world).status is status
    assert world.orders.get(ORDER_ID).status is status
    assert world.events.types == [event]


@each_step
def test_a_step_reads_its_order_once(step: Step, before: Order, status: Status, event: str) -> None:
    world = World().holding(before)
    step(ORDER_ID, world)
    assert world.orders.reads == 1


@pytest.mark.parametrize(
    ("step", "before", "meanwhile"),
    [
        (steps.notify_restaurant, draft().become(Status.PLACED, NOON), draft().become(Status.PLACED, NOON)),
        (steps.notify_user, accepted(), accepted()),
    ],
)
def test_an_order_that_changed_while_somebody_was_told_is_read_again(
    step: Step, before: Order, meanwhile: Order
) -> None:
    world = World().holding(before)
    decided = meanwhile.decide(Decision.CANCELLED) if step is steps.notify_restaurant else meanwhile.deliver()
    world.orders.meanwhile.append(decided)
    told = step(ORDER_ID, world)
    assert world.orders.reads == 2
    assert (told.decision, told.completion) == (decided.decision, decided.completion)
    assert len(world.restaurants.sent) + len(world.customers.sent) == 1


@each_step
def test_a_step_done_twice_records_nothing_twice_and_publishes_the_same_event(
    step: Step, before: Order, status: Status, event: str
) -> None:
    world = World().holding(before)
    step(ORDER_ID, world)
    once = world.orders.get(ORDER_ID)
    world.clock.time += timedelta(hours=1)
    step(ORDER_ID, world)
    assert world.orders.get(ORDER_ID) == once
    assert world.events.published[0] == world.events.published[1]
    assert len(world.restaurants.sent) + len(world.customers.sent) <= 1


@each_step
def test_a_step_that_could_not_publish_fails_and_publishes_when_it_is_tried_again(
    step: Step, before: Order, status: Status, event: str
) -> None:
    world = World().holding(before)
    world.events.failures = 1
    with pytest.raises(PublishingFailed):
        step(ORDER_ID, world)
    assert world.events.types == []
    step(ORDER_ID, world)
    assert world.events.types == [event]
    assert world.orders.get(ORDER_ID).status is status


@pytest.mark.parametrize(
    ("step", "before"),
    [(steps.accept_order, placed()), (steps.complete_order, accepted()), (steps.accept_order, draft())],
)
def test_a_step_for_which_there_is_no_decision_changes_and_publishes_nothing(step: Step, before: Order) -> None:
    world = World().holding(before)
    with pytest.raises(IllegalTransition):
        step(ORDER_ID, world)
    assert world.orders.get(ORDER_ID) == before
    assert world.events.types == []


def test_a_decision_in_the_very_moment_of_the_timeout_stands() -> None:
    world = World().holding(placed())
    world.orders.meanwhile = [decided(Decision.ACCEPTED)]  # written between the read and the write of Expire order
    order = steps.expire_order(ORDER_ID, world)
    assert (order.decision, order.status) == (Decision.ACCEPTED, Status.PLACED)
    assert world.events.types == []


def test_a_completion_in_the_very_moment_of_the_deadline_stands() -> None:
    world = World().holding(accepted())
    world.orders.meanwhile = [accepted().deliver()]
    order = steps.time_out_order(ORDER_ID, world)
    assert (order.completion, order.status) == (Completion.COMPLETED, Status.ACCEPTED)
    assert world.events.types == []


def test_the_same_task_run_twice_at_once_records_one_change() -> None:
    world = World().holding(draft())
    first = draft().become(Status.PLACED, NOON)
    world.orders.meanwhile = [first]
    assert steps.place_order(ORDER_ID, world) == first
    assert world.orders.get(ORDER_ID) == first


def test_a_step_gives_up_with_a_conflict_when_the_order_keeps_changing() -> None:
    world = World().holding(placed())
    world.orders.meanwhile = [placed(decision=None, completion=c) for c in [Completion.COMPLETED, None] * 3]
    with pytest.raises(Conflict):
        steps.fail_order(ORDER_ID, world)


def test_a_restaurant_that_can_not_be_told_is_told_when_tried_again() -> None:
    world = World().holding(draft().become(Status.PLACED, NOON))
    world.restaurants.failures = 1
    with pytest.raises(MessageNotSent):
        steps.notify_restaurant(ORDER_ID, world)
    steps.notify_restaurant(ORDER_ID, world)
    assert world.restaurants.sent == [(ORDER_ID, Status.PLACED)]


def test_a_user_is_told_of_each_status_once() -> None:
    world = World().holding(accepted())
    steps.notify_user(ORDER_ID, world)
    steps.time_out_order(ORDER_ID, world)
    steps.notify_user(ORDER_ID, world)
    steps.notify_user(ORDER_ID, world)
    assert world.customers.sent == [(ORDER_ID, Status.ACCEPTED), (ORDER_ID, Status.TIMED_OUT)]
    told = [event for event in world.events.published if event.type == "user_notified"]
    assert [event.detail["data"]["reason"] for event in told] == ["accepted", "timed_out", "timed_out"]
    assert len({event.event_id for event in told}) == 2


def test_a_skipped_notification_publishes_nothing_unless_the_mail_had_gone_out() -> None:
    world = World().holding(accepted())
    steps.skip_notification(ORDER_ID, world)
    assert world.events.types == []
    world.events.failures = 1
    with pytest.raises(PublishingFailed):
        steps.notify_user(ORDER_ID, world)
    steps.skip_notification(ORDER_ID, world)
    assert world.events.types == ["user_notified"]


def test_a_failure_publishes_everything_that_was_recorded() -> None:
    world = World().holding(accepted())  # its changes are recorded, but not published
    assert steps.fail_order(ORDER_ID, world).status is Status.FAILED
    assert world.events.types == ["order_placed", "restaurant_notified", "order_accepted", "order_failed"]
    assert world.events.published[-1].detail["data"]["stage"] == "ACCEPTED"


def test_a_closed_order_does_not_fail_but_its_end_is_published() -> None:
    completed = accepted().deliver().become(Status.COMPLETED, NOON)
    world = World().holding(completed)
    assert steps.fail_order(ORDER_ID, world) == completed
    assert world.events.types[-1] == "order_completed"


def test_a_completed_order_whose_workflow_failed_after_all_is_not_apologized_for() -> None:
    world = World().holding(accepted().deliver().become(Status.COMPLETED, NOON))
    steps.fail_order(ORDER_ID, world)
    assert steps.notify_user(ORDER_ID, world).status is Status.COMPLETED
    assert world.customers.sent == []
    assert "user_notified" not in world.events.types


@pytest.mark.parametrize(
    ("before", "timed_out", "status"),
    [
        (placed(), False, Status.FAILED),
        (accepted(), True, Status.TIMED_OUT),
        (decided(Decision.REJECTED), False, Status.REJECTED),
    ],
)
def test_an_order_whose_execution_was_ended_from_outside_is_closed_and_its_customer_told(
    before: Order, timed_out: bool, status: Status
) -> None:
    world = World().holding(before)
    steps.close_order(ORDER_ID, world, timed_out=timed_out)
    steps.close_order(ORDER_ID, world, timed_out=timed_out)
    assert world.orders.get(ORDER_ID).status is status
    assert world.customers.sent == [(ORDER_ID, status)]
    assert {f"order_{status.lower()}", "user_notified"} <= set(world.events.types)


def test_an_order_that_was_delivered_completes_even_if_its_execution_was_stopped() -> None:
    world = World().holding(accepted().deliver())
    assert steps.close_order(ORDER_ID, world, timed_out=False).status is Status.COMPLETED
    assert world.customers.sent == []
    assert world.events.types[-1] == "order_completed"
