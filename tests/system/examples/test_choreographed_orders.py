"""Choreographed orders on a real engine: the good way, and the failures that nobody sees."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from shared import schema_tools
from takeaway.errors import Refused
from takeaway.run.client.guesses import guesses
from takeaway.run.client.journey import timeline
from takeaway.run.client.system import System
from tests.fakes.people import Customer, Restaurant, eventually, kept_today
from tests.system.examples.conftest import ACCEPT_TIMEOUT, somebody
from tests.system.faults.breaking import Plan, redelivered_soon
from tests.system.faults.watching import COMPLETED, Witness

pytestmark = [pytest.mark.engine, pytest.mark.teaching]
FOR_GOOD = 99


@pytest.fixture
def inhabited(choreographed: System) -> System:
    return choreographed


@pytest.fixture(scope="module")
def completed(choreographed: System, plan: Plan, bus_of_choreographed: Witness) -> str:
    """Complete an order, with each step after the event of the one before was seen. Returns its id."""
    customer, restaurant = somebody(choreographed)
    order_id = customer.places()
    bus_of_choreographed.types(order_id, "restaurant_notified")
    restaurant.accepts(order_id)
    bus_of_choreographed.types(order_id, "user_notified")
    restaurant.delivers(order_id)
    bus_of_choreographed.types(order_id, "order_completed")
    redelivered_soon(choreographed, "orders-notify-restaurant", "orders-notify-user")  # they are warm by now
    return order_id


def guessed(system: System, order_id: str) -> str:
    return "\n".join(guesses(system.order(order_id), system.traces(order_id)))


def test_a_completed_order_has_the_events_of_the_article_as_the_schemas_have_them(
    completed: str, bus_of_choreographed: Witness
) -> None:
    assert bus_of_choreographed.types(completed, "order_completed") == COMPLETED
    for event in bus_of_choreographed.deliveries(completed):
        schema_tools.validator(event["type"]).validate(event["detail"])


def test_every_event_names_the_one_that_triggered_it(completed: str, bus_of_choreographed: Witness) -> None:
    seen = {event["type"]: event for event in bus_of_choreographed.deliveries(completed)}
    causes = {name: event["detail"]["metadata"]["causation_id"] for name, event in seen.items()}
    assert causes["order_placed"] is None
    assert causes["restaurant_notified"] == seen["order_placed"]["id"]
    assert causes["user_notified"] == seen["order_accepted"]["id"]
    assert {event["detail"]["metadata"]["correlation_id"] for event in seen.values()} == {completed}


def test_the_neighbours_notice_no_difference(completed: str, choreographed: System) -> None:
    voucher = eventually(lambda: choreographed.vouchers.of_order(completed), "a voucher")
    assert (voucher.amount, voucher.currency) == (190, "EUR")
    assert eventually(lambda: kept_today(choreographed, completed) == set(COMPLETED), "five lines in the lake")


def test_its_journey_has_everything_but_a_workflow_and_says_so(completed: str, choreographed: System) -> None:
    eventually(lambda: "5 events, 1 message" in guessed(choreographed, completed), "all events in the journal")
    moments = timeline(choreographed.traces(completed))
    assert [moment.what for moment in moments if moment.actor == "bus"] == COMPLETED
    assert {moment.actor for moment in moments} >= {"bus", "restaurant", "customer", "promotions", "analytics"}
    assert not {moment.actor for moment in moments} & {"workflow", "orders"}


def test_a_rejected_order_ends_with_its_reason(
    customer: Customer, restaurant: Restaurant, bus_of_choreographed: Witness
) -> None:
    order_id = customer.places()
    bus_of_choreographed.types(order_id, "restaurant_notified")
    restaurant.rejects(order_id, "No dough")
    assert bus_of_choreographed.types(order_id, "user_notified")[2:] == ["order_rejected", "user_notified"]
    assert customer.sees(order_id)["reason"] == "No dough"


def test_a_cancelled_order_is_told_to_its_customer(
    customer: Customer, choreographed: System, bus_of_choreographed: Witness
) -> None:
    order_id = customer.places()
    choreographed.api.act("cancel", order_id, token=customer.token)
    told = set(bus_of_choreographed.types(order_id, "user_notified"))
    assert {"order_cancelled", "user_notified"} <= told  # the restaurant may or may not have been told: a race
    [mail] = choreographed.mails.naming(order_id)
    assert "cancelled" in mail.subject


def test_an_order_that_nobody_answers_stays_as_it_is(
    customer: Customer, restaurant: Restaurant, choreographed: System, bus_of_choreographed: Witness
) -> None:
    order_id = customer.places()
    bus_of_choreographed.types(order_id, "restaurant_notified")
    deadline = datetime.now(UTC) + 3 * timedelta(seconds=ACCEPT_TIMEOUT[choreographed.stacks.wiring])  # type: ignore[index]
    eventually(lambda: datetime.now(UTC) > deadline, "the restaurant's time is over")
    order = customer.sees(order_id)
    assert (order["status"], order["decision"]) == ("PLACED", None)
    assert "no deadline will end it" in guessed(choreographed, order_id)
    assert restaurant.accepts(order_id)["decision"] == "accepted"  # however late


def test_an_event_that_is_delivered_again_does_nothing_twice(
    completed: str, choreographed: System, bus_of_choreographed: Witness
) -> None:
    mails, recorded = len(choreographed.mails.naming(completed)), choreographed.order(completed)["history"]
    for event in [*bus_of_choreographed.deliveries(completed)]:
        entry = {"Source": "takeaway.orders", "DetailType": event["type"], "Detail": json.dumps(event["detail"])}
        choreographed.target.client("events").put_events(
            Entries=[{**entry, "EventBusName": choreographed.target.prefix}]
        )
    for event_type in ("restaurant_notified", "user_notified"):  # the first, ours, and what ours was answered with
        eventually(lambda kind=event_type: len(bus_of_choreographed.ids(completed, kind)) >= 3, f"{event_type} again")
        assert len(set(bus_of_choreographed.ids(completed, event_type))) == 1
    assert len([entry for entry in choreographed.journal.of_order(completed) if entry.kind == "message"]) == 1
    assert len(choreographed.mails.naming(completed)) == mails
    assert choreographed.order(completed)["history"] == recorded


def test_a_step_that_fails_twice_is_done_at_the_third_delivery(
    completed: str, plan: Plan, customer: Customer, bus_of_choreographed: Witness
) -> None:
    plan.goes_wrong(customer.id, "notify_restaurant", "refuse Publish", times=2)
    order_id = customer.places()
    assert bus_of_choreographed.types(order_id, "restaurant_notified") == COMPLETED[:2]
    assert plan.has_happened(customer.id, "notify_restaurant")


def test_a_mail_that_is_refused_for_good_is_a_dead_letter_of_which_the_order_knows_nothing(
    completed: str,
    plan: Plan,
    customer: Customer,
    restaurant: Restaurant,
    choreographed: System,
    bus_of_choreographed: Witness,
) -> None:
    plan.goes_wrong(customer.id, "notify_user", "refuse SendEmail", times=FOR_GOOD)
    order_id = customer.places()
    restaurant.accepts(order_id)
    queue = f"{choreographed.target.prefix}-orders-notify-user-dlq"
    eventually(lambda: choreographed.traces(order_id).dead_letters[queue] == 1, "a dead letter")
    assert customer.sees(order_id)["status"] == "ACCEPTED"
    told = guessed(choreographed, order_id)
    assert "Nothing says that the customer was told" in told
    assert f"{queue} has 1 message" in told
    restaurant.delivers(order_id)
    types = bus_of_choreographed.types(order_id, "order_completed")
    assert "user_notified" not in types
    assert eventually(lambda: choreographed.vouchers.of_order(order_id), "a voucher")


def test_an_order_whose_function_dies_before_it_publishes_is_known_to_nobody_until_it_is_asked_for_again(
    plan: Plan, customer: Customer, choreographed: System, bus_of_choreographed: Witness
) -> None:
    key = f"key-of-{customer.id}"
    plan.goes_wrong(key, "place_order", "die after UpdateItem", times=1)
    with pytest.raises(Refused):
        choreographed.api.place(customer.order(), token=customer.token, idempotency_key=key)
    [listed] = choreographed.api.request("GET", "", headers={"Authorization": f"Bearer {customer.token}"}).json()[
        "orders"
    ]
    order_id = listed["order_id"]
    assert listed["status"] == "PLACED"
    assert bus_of_choreographed.deliveries(order_id) == []
    assert "order_placed is recorded on the order, but no such event was seen" in guessed(choreographed, order_id)
    assert choreographed.api.place(customer.order(), token=customer.token, idempotency_key=key) == order_id
    assert bus_of_choreographed.types(order_id, "restaurant_notified") == COMPLETED[:2]


def test_an_acceptance_that_died_half_way_is_carried_out_when_it_is_said_again(
    plan: Plan, customer: Customer, restaurant: Restaurant, bus_of_choreographed: Witness
) -> None:
    order_id = customer.places()
    bus_of_choreographed.types(order_id, "restaurant_notified")
    plan.goes_wrong(customer.id, "accept_order", "die after UpdateItem", times=1)
    with pytest.raises(Refused):
        restaurant.accepts(order_id)
    order = customer.sees(order_id)
    assert (order["status"], order["decision"]) == ("PLACED", "accepted")
    restaurant.accepts(order_id)
    assert bus_of_choreographed.types(order_id, "user_notified") == COMPLETED[:4]
