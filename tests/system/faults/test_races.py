"""Many calls at once: one of them wins, everyone gets a truthful answer, and nothing happens twice."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import httpx
import pytest

from takeaway.errors import Refused
from takeaway.run.client.system import System
from takeaway.wiring import Wiring
from tests.fakes.people import Customer, Restaurant, Watcher
from tests.system.faults.breaking import Plan
from tests.system.faults.conftest import AT_ONCE
from tests.system.faults.watching import COMPLETED, Witness

pytestmark = [pytest.mark.engine, pytest.mark.own_stage]
ORDERS = 50
CANCELLED = ["order_placed", "restaurant_notified", "order_cancelled", "user_notified"]


def asks(system: System, order_id: str, what: str, token: str) -> httpx.Response:
    return system.api.request("POST", f"/{order_id}/{what}", headers={"Authorization": f"Bearer {token}"})


def test_the_same_decision_from_two_devices_at_once_is_one_decision(
    plan: Plan, customer: Customer, restaurant: Restaurant, faulty: System, witness: Witness
) -> None:
    order_id = customer.places()
    restaurant.hears_of(order_id)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        got = list(pool.map(lambda _: asks(faulty, order_id, "accept", restaurant.token), range(AT_ONCE)))
    assert [(each.status_code, each.json()["decision"]) for each in got] == [(200, "accepted")] * AT_ONCE
    customer.waits_for(order_id, "ACCEPTED")
    assert witness.types(order_id, "user_notified") == COMPLETED[:4]
    assert len(witness.deliveries(order_id)) == 4


def test_the_same_order_sent_many_times_at_once_is_one_order(plan: Plan, customer: Customer, faulty: System) -> None:
    key = str(uuid4())

    def place(_: int) -> httpx.Response:
        return faulty.api.place_raw(customer.order(), token=customer.token, idempotency_key=key)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = list(pool.map(place, range(20)))
    assert len({(each.status_code, each.text, each.headers["Location"]) for each in answers}) == 1
    order_id = answers[0].json()["order_id"]
    customer.waits_for(order_id, "PLACED")
    assert executions(faulty).count(order_id) == 1
    headers = {"Authorization": f"Bearer {customer.token}"}
    listed = faulty.api.request("GET", "", headers=headers).json()["orders"]
    assert [order["order_id"] for order in listed] == [order_id]
    with pytest.raises(Refused) as refused:
        faulty.api.place(customer.order(note="another"), token=customer.token, idempotency_key=key)
    assert refused.value.status == 422


def executions(system: System) -> list[str]:
    """List the names of executions, each as often as it began."""
    if system.stacks.wiring is Wiring.DURABLE:
        pages = system.target.client("lambda").get_paginator("list_durable_executions_by_function")
        function, _, alias = system.stacks.output("orders", "ProcessFunctionArn").rpartition(":")
        version = system.target.client("lambda").get_alias(FunctionName=function, Name=alias)["FunctionVersion"]
        found = pages.paginate(FunctionName=function, Qualifier=version)
        return [each["DurableExecutionName"] for page in found for each in page["DurableExecutions"]]
    pages = system.target.client("stepfunctions").get_paginator("list_executions")
    found = pages.paginate(stateMachineArn=system.stacks.output("orders", "StateMachineArn"))
    return [execution["name"] for page in found for execution in page["executions"]]


@dataclass(frozen=True)
class Raced:
    """An order that was accepted and cancelled at once, with the answers to both calls."""

    customer: Customer
    order_id: str
    answers: dict[str, tuple[int, dict[str, Any]]]

    @property
    def winners(self) -> list[str]:
        return [what for what, (status, _) in self.answers.items() if status == 200]

    @property
    def was_accepted(self) -> bool:
        return self.winners == ["accept"]


@pytest.fixture(scope="module")
def raced(faulty: System, plan: Plan, witness: Witness, at_once: ThreadPoolExecutor) -> Sequence[Raced]:
    restaurant = Restaurant(faulty)

    def race(_: int) -> Raced:
        customer = Customer(faulty, f"racer-{uuid4().hex[:8]}")
        order_id = customer.places()
        restaurant.hears_of(order_id)
        with ThreadPoolExecutor(2) as two:
            tokens = {"accept": restaurant.token, "cancel": customer.token}
            asked = {what: two.submit(asks, faulty, order_id, what, token) for what, token in tokens.items()}
            answers = {what: (each.result().status_code, each.result().json()) for what, each in asked.items()}
        found = Raced(customer, order_id, answers)
        if found.was_accepted:
            restaurant.delivers(order_id)
        return found

    return list(at_once.map(race, range(ORDERS)))


def test_of_accept_and_cancel_at_once_one_wins_and_the_other_is_told_what_stands(
    raced: Sequence[Raced],
) -> None:
    for each in raced:
        stands = "accepted" if each.was_accepted else "cancelled"
        assert sorted(status for status, _ in each.answers.values()) == [200, 409]
        assert {body["decision"] for _, body in each.answers.values()} == {stands}


def test_every_order_that_was_raced_for_ends_as_was_decided_and_says_so_once(
    raced: Sequence[Raced], faulty: System, witness: Witness
) -> None:
    for each in raced:
        events = COMPLETED if each.was_accepted else CANCELLED
        end = "COMPLETED" if each.was_accepted else "CANCELLED"
        order = each.customer.waits_for(each.order_id, end)
        assert [entry["change"] for entry in order["history"]][: len(events) - 1] == events[:-1]
        journal = Watcher(faulty).waits_for(each.order_id, *events)
        assert [entry.name for entry in journal if entry.kind == "event"] == events
        delivered = witness.deliveries(each.order_id)
        assert sorted(delivery["type"] for delivery in delivered) == sorted(events)
        assert len({delivery["id"] for delivery in delivered}) == len(events)
        [mail] = faulty.mails.naming(each.order_id)
        assert ("confirmed" if each.was_accepted else "cancelled") in mail.subject
