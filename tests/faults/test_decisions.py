"""Decisions that come early, late, twice, at once, or whose callback is lost: one wins, nobody is left waiting."""

import time
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest

from takeaway.client.system import System
from takeaway.errors import Refused
from tests.fakes.people import Customer, Restaurant, eventually
from tests.faults.breaking import Plan, Witness
from tests.faults.conftest import ACCEPT_TIMEOUT

pytestmark = pytest.mark.engine
AT_ONCE = 8
ORDERS = 50
TERMINAL = {"order_completed", "order_rejected", "order_expired", "order_cancelled", "order_timed_out", "order_failed"}


def states(system: System, order_id: str) -> list[str]:
    return [step.name for step in system.workflow.steps(order_id)]


def test_a_callback_that_got_lost_is_made_up_for_at_the_timeout(
    plan: Plan, customer: Customer, restaurant: Restaurant, faulty: System
) -> None:
    order_id = customer.places()
    eventually(lambda: "Await restaurant decision" in states(faulty, order_id), "the workflow waits")
    plan.goes_wrong(customer.id, "api", "drop SendTaskSuccess", times=1)
    assert restaurant.accepts(order_id)["decision"] == "accepted"
    customer.waits_for(order_id, "ACCEPTED")
    assert states(faulty, order_id)[3:6] == ["Expire order", "Decision?", "Accept order"]


def test_the_same_decision_again_wakes_up_a_workflow_whose_callback_got_lost(
    plan: Plan, customer: Customer, restaurant: Restaurant, faulty: System
) -> None:
    order_id = customer.places()
    eventually(lambda: "Await restaurant decision" in states(faulty, order_id), "the workflow waits")
    plan.goes_wrong(customer.id, "api", "drop SendTaskSuccess", times=1)
    restaurant.accepts(order_id)
    restaurant.accepts(order_id)
    customer.waits_for(order_id, "ACCEPTED")
    assert states(faulty, order_id)[3:5] == ["Decision?", "Accept order"]


def test_a_decision_before_the_workflow_waits_is_found_by_it(
    plan: Plan, customer: Customer, restaurant: Restaurant, faulty: System
) -> None:
    plan.goes_wrong(customer.id, "notify_restaurant", "raise", times=4)  # holds the workflow up
    order_id = customer.places()
    restaurant.rejects(order_id, "closed")
    customer.waits_for(order_id, "REJECTED")
    assert states(faulty, order_id)[2:6] == [
        "Await restaurant decision", "Read decision", "Decision?", "Reject order",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("decision", "waits_in", "status"),
    [
        (None, "Await restaurant decision", "FAILED"),
        ("reject", "Await restaurant decision", "REJECTED"),
        ("cancel", "Await restaurant decision", "CANCELLED"),
        ("accept", "Await restaurant decision", "FAILED"),
        ("accept and carry out", "Await completion", "FAILED"),
        ("complete", "Await completion", "COMPLETED"),
    ],
)
def test_an_order_whose_execution_an_operator_stopped_ends_as_it_was_decided(
    plan: Plan,
    customer: Customer,
    restaurant: Restaurant,
    faulty: System,
    witness: Witness,
    decision: str | None,
    waits_in: str,
    status: str,
) -> None:
    order_id = customer.places()
    if waits_in == "Await completion":
        restaurant.accepts(order_id)
    eventually(lambda: waits_in in states(faulty, order_id), f"the workflow is in {waits_in}")
    plan.goes_wrong(customer.id, "api", "drop SendTaskSuccess", times=9)
    match decision:
        case "reject":
            restaurant.rejects(order_id, "closed")
        case "cancel":
            faulty.api.cancel(order_id, token=customer.token)
        case "accept":
            restaurant.accepts(order_id)
        case "complete":
            restaurant.delivers(order_id)
    faulty.workflow.stop(order_id, why="a test")
    customer.waits_for(order_id, status)
    event = f"order_{status.lower()}"
    eventually(lambda: witness.ids(order_id, event), event)
    assert {delivery["type"] for delivery in witness.deliveries(order_id)} & TERMINAL == {event}
    if status != "COMPLETED":
        eventually(lambda: faulty.mails.naming(order_id), "its customer is told")


def outcome(act: object) -> int:
    """The HTTP status of what was asked."""
    try:
        act()  # type: ignore[operator]
    except Refused as refused:
        return refused.status
    return 200


def test_the_same_decision_from_two_devices_at_once_is_one_decision(
    plan: Plan, customer: Customer, restaurant: Restaurant, witness: Witness
) -> None:
    order_id = customer.places()
    restaurant.hears_of(order_id)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        got = list(pool.map(lambda _: outcome(lambda: restaurant.accepts(order_id)), range(AT_ONCE)))
    assert got == [200] * AT_ONCE
    customer.waits_for(order_id, "ACCEPTED")
    eventually(lambda: witness.ids(order_id, "user_notified"), "the customer is told")
    assert len(witness.ids(order_id, "order_accepted")) == 1


def test_the_same_order_sent_many_times_at_once_is_one_order(customer: Customer, faulty: System, plan: Plan) -> None:
    key = str(uuid4())
    with ThreadPoolExecutor(AT_ONCE) as pool:
        ids = list(
            pool.map(lambda _: faulty.api.place(customer.order(), token=customer.token, idempotency_key=key), range(20))
        )
    assert len(set(ids)) == 1
    customer.waits_for(ids[0], "PLACED")
    with pytest.raises(Refused) as refused:
        faulty.api.place(customer.order(note="another"), token=customer.token, idempotency_key=key)
    assert refused.value.status == 422


def test_a_decision_in_the_moment_of_the_timeout_is_either_refused_or_carried_out(
    customer: Customer, restaurant: Restaurant, faulty: System, plan: Plan
) -> None:
    def race(number: int) -> tuple[str, int]:
        order_id = customer.places()
        eventually(lambda: "Await restaurant decision" in states(faulty, order_id), "the workflow waits")
        began = next(step.at for step in faulty.workflow.steps(order_id) if step.name == "Await restaurant decision")
        # around the timeout, from just before it to just after: whoever comes first wins
        time.sleep(max(0.0, began.timestamp() + ACCEPT_TIMEOUT - 0.15 + number * 0.04 - time.time()))
        return order_id, outcome(lambda: restaurant.accepts(order_id))

    with ThreadPoolExecutor(AT_ONCE) as pool:
        raced = list(pool.map(race, range(AT_ONCE)))
    for order_id, got in raced:
        order = customer.waits_for(order_id, "ACCEPTED" if got == 200 else "EXPIRED")
        assert (got, order["decision"]) in [(200, "accepted"), (409, "expired")]


def test_of_accept_and_cancel_at_once_exactly_one_wins_for_each_of_many_orders(
    faulty: System, restaurant: Restaurant, witness: Witness, plan: Plan
) -> None:
    customers = [Customer(faulty, f"racer-{uuid4().hex[:8]}") for _ in range(ORDERS)]

    def race(customer: Customer) -> tuple[Customer, str, int, int]:
        order_id = customer.places()
        restaurant.hears_of(order_id)
        with ThreadPoolExecutor(2) as two:
            accepted = two.submit(outcome, lambda: restaurant.accepts(order_id))
            cancelled = two.submit(outcome, lambda: faulty.api.cancel(order_id, token=customer.token))
            got = accepted.result(), cancelled.result()
        if got[0] == 200:
            restaurant.delivers(order_id)
        return customer, order_id, *got

    with ThreadPoolExecutor(AT_ONCE) as pool:
        raced = list(pool.map(race, customers))
    for customer, order_id, accepted, cancelled in raced:
        assert sorted((accepted, cancelled)) == [200, 409]
        status = "COMPLETED" if accepted == 200 else "CANCELLED"
        order = customer.waits_for(order_id, status)
        assert order["decision"] == ("accepted" if accepted == 200 else "cancelled")
        eventually(lambda id_=order_id: len(faulty.mails.naming(id_)) == 1, "one e-mail")  # type: ignore[misc]
        end = f"order_{status.lower()}"
        eventually(lambda id_=order_id, end=end: witness.ids(id_, end), end)  # type: ignore[misc]
        types = [delivery["type"] for delivery in witness.deliveries(order_id)]
        assert set(types) & TERMINAL == {end}
        assert types[:2] == ["order_placed", "restaurant_notified"]
        assert len(types) == len(set(types))
