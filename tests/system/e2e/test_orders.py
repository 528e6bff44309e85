"""An order's way through all three contexts, on a real engine."""

import json

import pytest

from takeaway.run.client.journey import timeline
from takeaway.run.client.system import System
from tests.fakes.people import Customer, Restaurant, Watcher, eventually, kept_today, lived

pytestmark = pytest.mark.engine
ARTICLE = ["order_placed", "restaurant_notified", "order_accepted", "user_notified", "order_completed"]


@pytest.fixture
def completed(customer: Customer, restaurant: Restaurant) -> str:
    return lived(customer, restaurant)


def events(watcher: Watcher, order_id: str, *expected: str) -> list[str]:
    """Return the types of an order's events once the journal has all that are expected.

    A single look is not enough, because a later event may be recorded before an earlier one.
    """
    return [entry.name for entry in watcher.waits_for(order_id, *expected) if entry.kind == "event"]


def test_an_order_becomes_a_voucher_and_lines_in_the_lake(completed: str, system: System, watcher: Watcher) -> None:
    assert events(watcher, completed, *ARTICLE) == ARTICLE
    voucher = eventually(lambda: system.vouchers.of_order(completed), "a voucher")
    assert (voucher.amount, voucher.currency) == (190, "EUR")
    assert eventually(lambda: kept_today(system, completed) == set(ARTICLE), "five lines in the lake")


def test_its_journey_shows_everything_that_happened(completed: str, system: System, watcher: Watcher) -> None:
    watcher.waits_for(completed, *ARTICLE, "message_to_restaurant")
    mailed = eventually(
        lambda: (found := system.vouchers.of_order(completed)) and found.emailed_at, "a voucher by mail"
    )
    told = [(moment.actor, moment.what) for moment in timeline(system.traces(completed))]
    assert mailed
    assert [what for actor, what in told if actor == "bus"] == ARTICLE
    assert ("restaurant", "gets the order") in told
    assert ("workflow", "ends") in told
    assert sum(actor == "promotions" for actor, _ in told) == 1
    if system.mails.are_readable:
        assert sum(actor == "customer" for actor, _ in told) == 2


def test_a_rejected_order_ends_with_its_reason(
    customer: Customer, restaurant: Restaurant, watcher: Watcher, system: System
) -> None:
    order_id = customer.places()
    restaurant.rejects(order_id, "The oven is cold 🥶")
    assert customer.waits_for(order_id, "REJECTED")["reason"] == "The oven is cold 🥶"
    expected = [*ARTICLE[:2], "order_rejected", "user_notified"]
    assert events(watcher, order_id, *expected) == expected
    assert system.vouchers.of_order(order_id) is None


def test_an_order_that_nobody_answers_expires(customer: Customer, watcher: Watcher) -> None:
    order_id = customer.places()
    assert customer.waits_for(order_id, "EXPIRED")["decision"] == "expired"
    expected = [*ARTICLE[:2], "order_expired", "user_notified"]
    assert events(watcher, order_id, *expected) == expected


def test_a_small_order_is_completed_without_a_voucher(
    customer: Customer, restaurant: Restaurant, watcher: Watcher, system: System
) -> None:
    tea = {"name": "Tea", "quantity": 1, "unit_price": {"amount": 200, "currency": "EUR"}}
    order_id = customer.places(items=[tea])
    restaurant.accepts(order_id)
    customer.waits_for(order_id, "ACCEPTED")
    restaurant.delivers(order_id)
    watcher.waits_for(order_id, "order_completed")
    assert system.vouchers.of_order(order_id) is None


def test_the_workflow_knows_the_order_by_its_id_and_nothing_of_people(customer: Customer, system: System) -> None:
    order_id = customer.places()
    eventually(lambda: system.workflow.status(order_id), "an execution")
    execution = f"{system.workflow.state_machine_arn.replace(':stateMachine:', ':execution:')}:{order_id}"
    begun = system.target.client("stepfunctions").describe_execution(executionArn=execution)["input"]
    assert json.loads(begun) == {"order_id": order_id}


def test_the_journal_and_the_lake_hold_nothing_of_people(
    completed: str, customer: Customer, system: System, watcher: Watcher
) -> None:
    entries = watcher.waits_for(completed, *ARTICLE, "message_to_restaurant")
    seen = json.dumps([entry.content for entry in entries], ensure_ascii=False)
    assert "Zoë" not in seen
    assert "example.com" not in seen
    assert "Via" not in seen
