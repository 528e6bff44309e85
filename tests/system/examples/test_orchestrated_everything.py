"""Orchestrating everything on a real engine: who waits for whom, and what is lost when a neighbour is down."""

import json
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from takeaway.run.client.journey import timeline
from takeaway.run.client.system import System
from tests.fakes.people import Customer, Restaurant, eventually, kept_today
from tests.system.examples.conftest import somebody
from tests.system.faults.watching import COMPLETED, DECIDES, DELIVERS, Witness, states, waits

pytestmark = [pytest.mark.engine, pytest.mark.teaching]
PROMOTIONS, ANALYTICS = "promotions-issue-voucher", "analytics-ingest-events"


@pytest.fixture
def inhabited(orchestrated: System) -> System:
    return orchestrated


def hurried(customer: Customer, restaurant: Restaurant) -> str:
    """Accept and deliver an order as early as possible. Returns its id."""
    order_id = customer.places()
    restaurant.accepts(order_id)
    restaurant.delivers(order_id)
    customer.waits_for(order_id, "COMPLETED")
    return order_id


@pytest.fixture(scope="module")
def completed(orchestrated: System, bus_of_orchestrated: Witness) -> str:
    """Complete an order whose people answer once it waits for them. Returns its id."""
    customer, restaurant = somebody(orchestrated)
    order_id = customer.places()
    waits(orchestrated, order_id, DECIDES)
    restaurant.accepts(order_id)
    waits(orchestrated, order_id, DELIVERS)
    restaurant.delivers(order_id)
    ends(orchestrated, order_id, "SUCCEEDED")
    return order_id


def ends(system: System, order_id: str, status: str) -> list[str]:
    """Wait until an order's execution has ended that way. Returns the states that it has entered."""
    eventually(lambda: system.workflow.status(order_id) == status, f"the execution of {order_id} has {status}")
    return states(system, order_id)


@contextmanager
def down(system: System, function: str) -> Iterator[None]:
    """Keep a neighbour's function from running: AWS refuses every call of it."""
    name, functions = f"{system.target.prefix}-{function}", system.target.client("lambda")
    functions.put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=0)
    try:
        yield
    finally:
        functions.delete_function_concurrency(FunctionName=name)


@contextmanager
def misled(system: System, function: str, **settings: str) -> Iterator[None]:
    """Let a neighbour's function run with wrong settings: it answers that its batch has failed."""
    name, functions = f"{system.target.prefix}-{function}", system.target.client("lambda")
    before = functions.get_function_configuration(FunctionName=name)["Environment"]["Variables"]
    functions.update_function_configuration(FunctionName=name, Environment={"Variables": {**before, **settings}})
    try:
        yield
    finally:
        functions.update_function_configuration(FunctionName=name, Environment={"Variables": before})


def test_a_completed_order_has_passed_through_everybody(completed: str, orchestrated: System) -> None:
    entered = states(orchestrated, completed)
    assert [state for state in entered if state.startswith(("Ingest", "Issue"))] == [
        "Ingest order_placed", "Ingest restaurant_notified", "Ingest order_accepted", "Ingest user_notified",
        "Ingest order_completed", "Issue voucher",
    ]  # fmt: skip
    assert len(entered) == 16 + 1  # and its end
    assert kept_today(orchestrated, completed) == set(COMPLETED)
    assert orchestrated.vouchers.of_order(completed)


def test_nothing_is_published(completed: str, orchestrated: System, bus_of_orchestrated: Witness) -> None:
    assert bus_of_orchestrated.deliveries(completed) == []
    assert {entry.kind for entry in orchestrated.journal.of_order(completed)} <= {"message"}


def test_its_journey_is_told_by_the_workflow_and_nothing_is_guessed(completed: str, orchestrated: System) -> None:
    told = [(moment.actor, moment.what) for moment in timeline(orchestrated.traces(completed))]
    assert ("workflow", "Issue voucher") in told
    assert {actor for actor, _ in told} >= {"workflow", "customer", "promotions", "analytics"}
    assert orchestrated.has_workflow


def test_the_history_of_the_workflow_has_the_data_of_people_that_a_neighbour_needs(
    completed: str, orchestrated: System
) -> None:
    machine = orchestrated.stacks.output("orders", "StateMachineArn")
    execution = f"{machine.replace(':stateMachine:', ':execution:')}:{completed}"
    events = orchestrated.target.client("stepfunctions").get_execution_history(executionArn=execution)["events"]
    assert "@example.com" in json.dumps(events, default=str)


@pytest.mark.parametrize("end", ["REJECTED", "CANCELLED", "EXPIRED"])
def test_an_order_that_ends_early_is_told_to_its_customer_and_kept_in_the_lake(
    customer: Customer, restaurant: Restaurant, orchestrated: System, end: str
) -> None:
    order_id = customer.places()
    if end == "REJECTED":
        restaurant.rejects(order_id, "No dough")
    if end == "CANCELLED":
        orchestrated.placed(order_id)
        orchestrated.api.act("cancel", order_id, token=customer.token)
    customer.waits_for(order_id, end)
    ends(orchestrated, order_id, "SUCCEEDED")
    assert kept_today(orchestrated, order_id) == {*COMPLETED[:2], f"order_{end.lower()}", "user_notified"}
    assert len(orchestrated.mails.naming(order_id)) == 1


def test_while_promotions_is_down_orders_complete_and_their_vouchers_are_lost(
    customer: Customer, restaurant: Restaurant, orchestrated: System
) -> None:
    with down(orchestrated, PROMOTIONS):
        order_id = hurried(customer, restaurant)
        assert ends(orchestrated, order_id, "FAILED")[-2] == "Voucher not issued"
    assert customer.sees(order_id)["status"] == "COMPLETED"
    assert orchestrated.vouchers.of_order(order_id) is None
    queue = orchestrated.stacks.output("promotions", "QueueUrl")
    dead = orchestrated.stacks.output("promotions", "DeadLetterQueueUrl")
    sqs, depth = orchestrated.target.client("sqs"), "ApproximateNumberOfMessages"
    for url in (queue, dead):  # the neighbour is back, but nothing is left to be delivered to it
        assert sqs.get_queue_attributes(QueueUrl=url, AttributeNames=[depth])["Attributes"][depth] == "0"


def test_while_analytics_is_down_every_step_waits_for_it_and_its_lines_are_lost(
    customer: Customer, restaurant: Restaurant, orchestrated: System
) -> None:
    with down(orchestrated, ANALYTICS):
        order_id = hurried(customer, restaurant)
        ends(orchestrated, order_id, "SUCCEEDED")
    assert kept_today(orchestrated, order_id) == set()
    assert orchestrated.vouchers.of_order(order_id)


def test_a_voucher_that_could_not_be_issued_is_a_value_for_which_the_workflow_has_to_look(
    customer: Customer, restaurant: Restaurant, orchestrated: System
) -> None:
    with misled(orchestrated, PROMOTIONS, VOUCHERS_TABLE="no-such-table"):
        entered = ends(orchestrated, hurried(customer, restaurant), "FAILED")
    assert entered.count("Issue voucher") == 3
    assert entered[-3:-1] == ["Voucher issued?", "Voucher not issued"]


def test_a_line_that_could_not_be_kept_is_a_value_for_which_it_does_not_look(
    customer: Customer, restaurant: Restaurant, orchestrated: System
) -> None:
    with misled(orchestrated, ANALYTICS, LAKE_BUCKET="no-such-bucket"):
        order_id = hurried(customer, restaurant)
        entered = ends(orchestrated, order_id, "SUCCEEDED")
    assert entered.count("Ingest order_placed") == 1
    assert kept_today(orchestrated, order_id) == set()


def test_an_order_that_is_closed_from_outside_is_told_to_its_customer_and_to_no_neighbour(
    customer: Customer, orchestrated: System
) -> None:
    order_id = customer.places()
    eventually(lambda: "Await restaurant decision" in states(orchestrated, order_id), "the workflow waits")
    orchestrated.workflow.stop(order_id, why="a test")
    customer.waits_for(order_id, "FAILED")
    eventually(lambda: orchestrated.mails.naming(order_id), "an e-mail")
    assert kept_today(orchestrated, order_id) == set(COMPLETED[:2])
