"""Decisions that come early or twice, lost callbacks and stopped workflows: no order is left waiting."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from takeaway.errors import Refused
from takeaway.run.client.functions import invoke
from takeaway.run.client.system import System
from tests.fakes.people import Customer, Restaurant, eventually
from tests.system.faults.breaking import Plan
from tests.system.faults.watching import DECIDES, DELIVERS, TERMINAL, Witness, goes, states, waits

pytestmark = [pytest.mark.engine, pytest.mark.own_stage]
SUBJECTS = {"FAILED": "failed", "REJECTED": "declined", "CANCELLED": "cancelled"}


def test_a_decision_before_the_workflow_waits_is_found_by_it(
    plan: Plan, customer: Customer, restaurant: Restaurant, faulty: System
) -> None:
    plan.goes_wrong(customer.id, "notify_restaurant", "hold", times=1)
    order_id = customer.places()
    restaurant.rejects(order_id, "closed")
    plan.goes_right(customer.id, "notify_restaurant")
    customer.waits_for(order_id, "REJECTED")
    way = goes(faulty, DECIDES, "Read decision", "Decision?", "Reject order")
    assert states(faulty, order_id)[2 : 2 + len(way)] == way


@pytest.mark.parametrize(
    ("what", "answer"),
    [("drop SendTaskSuccess", 200), ("refuse SendTaskSuccess", 200), ("die after UpdateItem", 502)],
)
def test_the_same_decision_again_wakes_up_a_workflow_that_the_first_did_not(
    plan: Plan, customer: Customer, restaurant: Restaurant, faulty: System, what: str, answer: int
) -> None:
    order_id = customer.places()
    waits(faulty, order_id, DECIDES)
    plan.goes_wrong(customer.id, "api", what, times=1)
    headers = {"Authorization": f"Bearer {restaurant.token}"}
    assert faulty.api.request("POST", f"/{order_id}/accept", headers=headers).status_code == answer
    assert plan.has_happened(customer.id, "api")
    assert customer.sees(order_id)["decision"] == "accepted"
    restaurant.accepts(order_id)
    customer.waits_for(order_id, "ACCEPTED")
    way = goes(faulty, "Decision?", "Accept order")  # no timeout between
    assert states(faulty, order_id)[3 : 3 + len(way)] == way


def test_an_order_that_was_stored_but_not_started_is_placed_by_the_same_request(
    plan: Plan, customer: Customer, faulty: System
) -> None:
    key = f"key-of-{customer.id}"
    plan.goes_wrong(key, "api", "die after PutItem", times=1)
    with pytest.raises(Refused):
        faulty.api.place(customer.order(), token=customer.token, idempotency_key=key)
    order_id = faulty.api.place(customer.order(), token=customer.token, idempotency_key=key)
    customer.waits_for(order_id, "PLACED")


@pytest.mark.parametrize(
    ("waits_in", "decision", "status"),
    [
        (DECIDES, None, "FAILED"),
        (DECIDES, "reject", "REJECTED"),
        (DECIDES, "cancel", "CANCELLED"),
        (DECIDES, "accept", "FAILED"),
        (DELIVERS, None, "FAILED"),
        (DELIVERS, "complete", "COMPLETED"),
    ],
)
def test_an_order_whose_execution_an_operator_stopped_ends_as_it_was_decided(
    plan: Plan,
    customer: Customer,
    restaurant: Restaurant,
    faulty: System,
    witness: Witness,
    waits_in: str,
    decision: str | None,
    status: str,
) -> None:
    order_id = customer.places()
    if waits_in == DELIVERS:
        restaurant.accepts(order_id)
    waits(faulty, order_id, waits_in)
    if decision:
        plan.goes_wrong(customer.id, "api", "drop SendTaskSuccess", times=1)
    match decision:
        case "reject":
            restaurant.rejects(order_id, "closed")
        case "cancel":
            faulty.api.act("cancel", order_id, token=customer.token)
        case "accept":
            restaurant.accepts(order_id)
        case "complete":
            restaurant.delivers(order_id)
    assert decision is None or plan.has_happened(customer.id, "api")
    faulty.workflow.stop(order_id, why="a test")
    customer.waits_for(order_id, status)
    end = f"order_{status.lower()}"
    assert set(witness.types(order_id, end)) & TERMINAL == {end}
    assert len(set(witness.ids(order_id, end))) == 1
    if status in SUBJECTS:
        eventually(lambda: [mail for mail in faulty.mails.naming(order_id) if SUBJECTS[status] in mail.subject], "mail")


@pytest.mark.parametrize(("waits_in", "status"), [(DECIDES, "FAILED"), (DELIVERS, "FAILED")])
def test_an_order_is_closed_even_if_nobody_hears_that_its_execution_ended(
    customer: Customer, restaurant: Restaurant, faulty: System, witness: Witness, waits_in: str, status: str
) -> None:
    order_id = customer.places()
    if waits_in == DELIVERS:
        restaurant.accepts(order_id)
    waits(faulty, order_id, waits_in)
    with deaf(faulty):
        faulty.workflow.stop(order_id, why="a test")
        assert faulty.workflow.status(order_id) == "ABORTED"
    assert reconciled(faulty, grace_seconds=300)["open"] == 0  # too early: its event may still come
    assert reconciled(faulty, grace_seconds=0)["open"] == 1
    customer.waits_for(order_id, status)
    assert reconciled(faulty, grace_seconds=0)["open"] == 0
    assert len(set(witness.ids(order_id, f"order_{status.lower()}"))) == 1
    assert [mail.subject for mail in faulty.mails.naming(order_id)].count("Your order has failed") == 1


@contextmanager
def deaf(system: System) -> Iterator[None]:
    """Let the default bus lose every event of an execution's end."""
    events, rule = system.target.client("events"), f"{system.target.prefix}-orders-closing-execution-ended"
    events.disable_rule(Name=rule)
    try:
        yield
    finally:
        events.enable_rule(Name=rule)


def reconciled(system: System, **event: Any) -> dict[str, Any]:
    return invoke(system.target, system.stacks.output("orders", "ReconcileFunctionName"), **event)


@pytest.mark.parametrize(("times", "told"), [(1, True), (3, False)])
def test_an_order_is_closed_even_if_its_customer_can_not_be_told(
    plan: Plan, customer: Customer, faulty: System, witness: Witness, times: int, told: bool
) -> None:
    order_id = customer.places()
    waits(faulty, order_id, DECIDES)
    plan.goes_wrong(customer.id, "close_order", "refuse SendEmail", times=times)
    faulty.workflow.stop(order_id, why="a test")
    customer.waits_for(order_id, "FAILED")
    eventually(lambda: plan.has_happened(customer.id, "close_order"), f"the mail is refused {times} times")
    eventually(lambda: "close_order done" in said(faulty, order_id), "the notice is done with")
    assert ("user_notified" in witness.types(order_id, "order_failed")) == told
    assert [mail.subject for mail in faulty.mails.naming(order_id)] == ["Your order has failed"] * told


def said(system: System, order_id: str) -> list[str]:
    """Return the lines that the function that closes orders has logged about this order."""
    group = f"/aws/lambda/{system.target.prefix}-orders-close-order"
    events = system.target.client("logs").filter_log_events(logGroupName=group)["events"]
    lines = [json.loads(event["message"]) for event in events if event["message"].startswith('{"level"')]
    return [line["message"] for line in lines if line.get("correlation_id") == order_id]
