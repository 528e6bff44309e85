"""A step of the workflow fails: for a while, for good, or half-way. Nothing is lost, nothing happens twice."""

import json
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from uuid import uuid4

import pytest

from takeaway.run.client.system import System
from tests.fakes.people import Customer, Restaurant, eventually
from tests.system.faults.breaking import Plan
from tests.system.faults.watching import COMPLETED, Witness, function_of

pytestmark = [pytest.mark.engine, pytest.mark.own_stage]
FOR_GOOD = 99
FAILED_AT_ONCE = ["order_placed", "order_failed", "user_notified"]
Fault = tuple[str, str, int]  # a step, the fault there, and how often it happens


@dataclass(frozen=True)
class Lived:
    """An order that has come to its end."""

    customer: Customer
    order_id: str


FOR_A_WHILE: list[Fault] = [
    ("place_order", "raise", 2),
    ("accept_order", "raise", 2),
    ("notify_restaurant", "refuse Publish", 2),
    ("notify_user", "refuse SendEmail", 2),
    ("complete_order", "refuse entry", 2),
    ("accept_order", "refuse UpdateItem", 2),
    ("complete_order", "refuse GetItem", 2),
]
EVENT_OF = {
    "place_order": "order_placed",
    "notify_restaurant": "restaurant_notified",
    "accept_order": "order_accepted",
    "notify_user": "user_notified",
    "complete_order": "order_completed",
}
AFTER_WRITING: list[Fault] = [(step, "die after UpdateItem", 1) for step in EVENT_OF]
AFTER_PUBLISHING: list[Fault] = [(step, "die after PutEvents", 1) for step in EVENT_OF]
NO_MAIL: Fault = ("notify_user", "refuse SendEmail", FOR_GOOD)
NO_MESSAGE: tuple[Fault, ...] = (("notify_restaurant", "refuse Publish", FOR_GOOD),)
NO_ACCEPTANCE: tuple[Fault, ...] = (("accept_order", "raise", FOR_GOOD), ("fail_order", "refuse entry", 1))
NO_FAILURE: tuple[Fault, ...] = (("notify_restaurant", "raise", FOR_GOOD), ("fail_order", "raise", FOR_GOOD))
COMPLETES = [(fault,) for fault in (*FOR_A_WHILE, *AFTER_WRITING, *AFTER_PUBLISHING, NO_MAIL)]
FAILS = [NO_MESSAGE, NO_ACCEPTANCE, NO_FAILURE]


def named(fault: Fault) -> str:
    return f"{fault[0]}: {fault[1]}"


Lives = dict[tuple[Fault, ...], "Future[Lived]"]


@pytest.fixture(scope="module")
def lives(faulty: System, plan: Plan, witness: Witness, at_once: ThreadPoolExecutor) -> Lives:
    """Return an ended order for each case. All are on their way at once; those that take longest come first."""

    def live(faults: tuple[Fault, ...]) -> Lived:
        customer, restaurant = Customer(faulty, f"unlucky-{uuid4().hex[:8]}"), Restaurant(faulty)
        for step, what, times in faults:
            plan.goes_wrong(customer.id, step, what, times=times)
        order_id = customer.places()
        eventually(lambda: not faulty.kept(order_id).is_draft, f"{order_id} is placed")
        if faults not in (NO_MESSAGE, NO_FAILURE):  # a restaurant that was not told of an order does not answer
            restaurant.accepts(order_id)
        if faults in COMPLETES:
            restaurant.delivers(order_id)
        customer.waits_for(order_id, "COMPLETED" if faults in COMPLETES else "FAILED")
        counted = [step for step, _, times in faults if times != FOR_GOOD]
        eventually(lambda: all(plan.has_happened(customer.id, step) for step in counted), f"all of {faults}")
        return Lived(customer, order_id)

    return {faults: at_once.submit(live, faults) for faults in [*FAILS, *COMPLETES]}


@pytest.mark.parametrize("fault", FOR_A_WHILE, ids=named)
def test_what_fails_twice_then_succeeds_leaves_no_trace(
    lives: Lives, witness: Witness, faulty: System, fault: Fault
) -> None:
    order_id = lives[(fault,)].result().order_id
    assert witness.types(order_id, "order_completed") == COMPLETED
    assert len(witness.deliveries(order_id)) == len(COMPLETED)
    assert len([mail for mail in faulty.mails.naming(order_id) if "confirmed" in mail.subject]) == 1


@pytest.mark.parametrize("fault", AFTER_WRITING, ids=named)
def test_a_function_killed_after_its_write_publishes_when_it_is_run_again(
    lives: Lives, witness: Witness, fault: Fault
) -> None:
    lived = lives[(fault,)].result()
    assert witness.types(lived.order_id, "order_completed") == COMPLETED
    assert len(witness.ids(lived.order_id, EVENT_OF[fault[0]])) == 1
    assert recorded(lived) == COMPLETED


@pytest.mark.parametrize("fault", AFTER_PUBLISHING, ids=named)
def test_a_function_killed_after_publishing_publishes_the_same_event_again(
    lives: Lives, witness: Witness, fault: Fault
) -> None:
    lived, event = lives[(fault,)].result(), EVENT_OF[fault[0]]
    eventually(lambda: len(witness.ids(lived.order_id, event)) == 2, f"{event} twice")
    assert len(set(witness.ids(lived.order_id, event))) == 1
    assert recorded(lived) == COMPLETED


def recorded(lived: Lived) -> list[str]:
    return [entry["change"] for entry in lived.customer.sees(lived.order_id)["history"]]


def test_a_topic_that_refuses_for_good_fails_the_order_and_its_customer_is_told(
    lives: Lives, witness: Witness, faulty: System
) -> None:
    order_id = lives[NO_MESSAGE].result().order_id
    assert witness.types(order_id, "user_notified") == FAILED_AT_ONCE
    [mail] = faulty.mails.naming(order_id)
    assert "failed" in mail.subject


def test_a_failed_order_whose_first_events_are_refused_once_publishes_them_all(lives: Lives, witness: Witness) -> None:
    order_id = lives[NO_ACCEPTANCE].result().order_id
    told = ["order_placed", "restaurant_notified", "order_failed", "user_notified"]
    assert sorted(witness.types(order_id, "user_notified")) == sorted(told)
    assert [len(set(witness.ids(order_id, event))) for event in told] == [1] * len(told)


def test_a_mail_that_is_refused_for_good_stops_no_order_and_is_counted(
    lives: Lives, witness: Witness, faulty: System
) -> None:
    order_id = lives[(NO_MAIL,)].result().order_id
    without = [event for event in COMPLETED if event != "user_notified"]  # the message failed, so it is not published
    assert witness.types(order_id, "order_completed") == without
    logs = faulty.target.client("logs")
    group = f"/aws/lambda/{function_of(faulty, 'skip_notification')}"

    def lines() -> list[str]:
        return [event["message"] for event in logs.filter_log_events(logGroupName=group)["events"]]

    def about_it() -> bool:
        told = [json.loads(line) for line in lines() if line.startswith('{"level"')]
        return any(line.get("correlation_id") == order_id for line in told)

    assert eventually(lambda: [line for line in lines() if '"UserNotNotified":[1.0]' in line], "it is counted")
    assert eventually(about_it, f"a line about {order_id}")


def test_an_order_that_could_not_even_fail_is_closed_when_its_execution_has_ended(
    lives: Lives, witness: Witness
) -> None:
    order_id = lives[NO_FAILURE].result().order_id
    assert witness.types(order_id, "user_notified") == FAILED_AT_ONCE
