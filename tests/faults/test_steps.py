"""A step of the workflow fails: for a while, for good, or half-way. Nothing is lost, nothing happens twice."""

import json

import pytest

from takeaway.client.system import System
from tests.fakes.people import Customer, Restaurant, eventually
from tests.faults.breaking import Plan, Witness

pytestmark = pytest.mark.engine
FOR_GOOD = 99
COMPLETED = ["order_placed", "restaurant_notified", "order_accepted", "user_notified", "order_completed"]
FAILED = ["order_placed", "restaurant_notified", "order_failed", "user_notified"]


def completes(customer: Customer, restaurant: Restaurant) -> str:
    order_id = customer.places()
    restaurant.accepts(order_id)
    restaurant.delivers(order_id)
    customer.waits_for(order_id, "COMPLETED")
    return order_id


def delivered_types(witness: Witness, order_id: str, last: str) -> list[str]:
    eventually(lambda: witness.ids(order_id, last), f"{last} of {order_id} on the bus")
    return list(dict.fromkeys(delivery["type"] for delivery in witness.deliveries(order_id)))


@pytest.mark.parametrize(
    ("step", "what"),
    [
        ("place_order", "raise"),
        ("accept_order", "raise"),
        ("notify_restaurant", "refuse Publish"),
        ("notify_user", "refuse SendEmail"),
        ("complete_order", "refuse entry"),
        ("accept_order", "refuse UpdateItem"),
        ("complete_order", "refuse GetItem"),
    ],
)
def test_what_fails_twice_then_succeeds_leaves_no_trace(
    plan: Plan, customer: Customer, restaurant: Restaurant, witness: Witness, faulty: System, step: str, what: str
) -> None:
    plan.goes_wrong(customer.id, step, what, times=2)
    order_id = completes(customer, restaurant)
    assert delivered_types(witness, order_id, "order_completed") == COMPLETED
    assert len(witness.deliveries(order_id)) == len(COMPLETED)
    assert len([mail for mail in faulty.mails.naming(order_id) if "confirmed" in mail.subject]) == 1


@pytest.mark.parametrize(
    ("step", "event"),
    [
        ("place_order", "order_placed"),
        ("notify_restaurant", "restaurant_notified"),
        ("accept_order", "order_accepted"),
        ("notify_user", "user_notified"),
        ("complete_order", "order_completed"),
    ],
)
def test_a_function_killed_after_its_write_publishes_when_it_is_run_again(
    plan: Plan, customer: Customer, restaurant: Restaurant, witness: Witness, step: str, event: str
) -> None:
    plan.goes_wrong(customer.id, step, "die after UpdateItem", times=1)
    order_id = completes(customer, restaurant)
    assert delivered_types(witness, order_id, "order_completed") == COMPLETED
    assert len(witness.ids(order_id, event)) == 1
    history = [entry["change"] for entry in customer.sees(order_id)["history"]]
    assert history == COMPLETED  # recorded once


@pytest.mark.parametrize(("step", "event"), [("accept_order", "order_accepted"), ("complete_order", "order_completed")])
def test_a_function_killed_after_publishing_publishes_the_same_event_again(
    plan: Plan, customer: Customer, restaurant: Restaurant, witness: Witness, step: str, event: str
) -> None:
    plan.goes_wrong(customer.id, step, "die after PutEvents", times=1)
    order_id = completes(customer, restaurant)
    twice = eventually(lambda: ids if len(ids := witness.ids(order_id, event)) == 2 else None, f"{event} twice")
    assert len(set(twice)) == 1


def test_a_topic_that_refuses_for_good_fails_the_order_and_its_customer_is_told(
    plan: Plan, customer: Customer, witness: Witness, faulty: System
) -> None:
    plan.goes_wrong(customer.id, "notify_restaurant", "refuse Publish", times=FOR_GOOD)
    order_id = customer.places()
    customer.waits_for(order_id, "FAILED")
    assert delivered_types(witness, order_id, "user_notified") == ["order_placed", "order_failed", "user_notified"]
    [mail] = faulty.mails.naming(order_id)
    assert "failed" in mail.subject


def test_a_failed_order_whose_first_events_are_refused_once_publishes_them_all(
    plan: Plan, customer: Customer, restaurant: Restaurant, witness: Witness
) -> None:
    plan.goes_wrong(customer.id, "accept_order", "raise", times=FOR_GOOD)
    plan.goes_wrong(customer.id, "fail_order", "refuse entry", times=1)
    order_id = customer.places()
    restaurant.accepts(order_id)
    customer.waits_for(order_id, "FAILED")
    assert set(delivered_types(witness, order_id, "user_notified")) == set(FAILED)
    for event in FAILED:
        assert len(set(witness.ids(order_id, event))) == 1


def test_a_mail_that_is_refused_for_good_stops_no_order_and_is_counted(
    plan: Plan, customer: Customer, restaurant: Restaurant, witness: Witness, faulty: System
) -> None:
    plan.goes_wrong(customer.id, "notify_user", "refuse SendEmail", times=FOR_GOOD)
    order_id = completes(customer, restaurant)
    without = [event for event in COMPLETED if event != "user_notified"]  # nobody is told what did not happen
    assert delivered_types(witness, order_id, "order_completed") == without
    logs = faulty.target.client("logs")
    group = f"/aws/lambda/{faulty.target.prefix}-orders-skip-notification"

    def lines() -> list[str]:
        return [event["message"] for event in logs.filter_log_events(logGroupName=group)["events"]]

    assert eventually(lambda: [line for line in lines() if '"UserNotNotified":[1.0]' in line], "it is counted")
    assert any(json.loads(line).get("correlation_id") == order_id for line in lines() if line.startswith('{"level"'))


def test_an_order_that_could_not_even_fail_is_closed_when_its_execution_has_ended(
    plan: Plan, customer: Customer, witness: Witness
) -> None:
    plan.goes_wrong(customer.id, "notify_restaurant", "raise", times=FOR_GOOD)
    plan.goes_wrong(customer.id, "fail_order", "raise", times=FOR_GOOD)
    order_id = customer.places()
    customer.waits_for(order_id, "FAILED")
    assert delivered_types(witness, order_id, "user_notified") == ["order_placed", "order_failed", "user_notified"]
