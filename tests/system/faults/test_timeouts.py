"""Decisions that the workflow hears of too late, or in the moment of the timeout: the order item decides."""

import time
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from uuid import uuid4

import pytest

from takeaway.run.client.system import System
from tests.fakes.people import Customer, Restaurant, eventually
from tests.system.faults.breaking import Plan
from tests.system.faults.conftest import ACCEPT_TIMEOUT, DELIVERY_TIMEOUT
from tests.system.faults.watching import DECIDES, DELIVERS, Witness, goes, states, waits

pytestmark = [pytest.mark.engine, pytest.mark.own_stage]
RACES = 3  # per deadline
Race = tuple[Customer, str, int]


class Stories:
    """The ways of orders to their deadlines; all are on their way at once."""

    def __init__(self, system: System, plan: Plan, pool: ThreadPoolExecutor) -> None:
        self.system, self.plan, self.restaurant = system, plan, Restaurant(system)
        self._begun: dict[str, Future[Race]] = {
            "lost decision": pool.submit(self._lost_decision),
            "lost completion": pool.submit(self._lost_completion),
            **{f"accept {n}": pool.submit(partial(self._races, DECIDES, n)) for n in range(RACES)},
            **{f"complete {n}": pool.submit(partial(self._races, DELIVERS, n)) for n in range(RACES)},
        }

    def __getitem__(self, name: str) -> Race:
        """Return the customer, the order, and the API's answer to the restaurant's decision."""
        return self._begun[name].result()

    def _lost_decision(self) -> Race:
        customer, order_id = self._placed()
        waits(self.system, order_id, DECIDES)
        return customer, order_id, self._asks_in_vain(customer, order_id, "accept")

    def _lost_completion(self) -> Race:
        customer, order_id = self._placed()
        self.restaurant.accepts(order_id)
        waits(self.system, order_id, DELIVERS)
        return customer, order_id, self._asks_in_vain(customer, order_id, "complete")

    def _races(self, state: str, number: int) -> Race:
        """Decide around the timeout, from just before it to just after: the first one wins."""
        customer, order_id = self._placed()
        if state == DELIVERS:
            self.restaurant.accepts(order_id)
        waits(self.system, order_id, state)
        [began] = [step.at for step in self.system.workflow.steps(order_id) if step.name == state]
        deadline = ACCEPT_TIMEOUT if state == DECIDES else DELIVERY_TIMEOUT
        time.sleep(max(0.0, began.timestamp() + deadline - 0.15 + number * 0.1 - time.time()))
        return customer, order_id, self._asks(order_id, "accept" if state == DECIDES else "complete")

    def _placed(self) -> tuple[Customer, str]:
        customer = Customer(self.system, f"patient-{uuid4().hex[:8]}")
        return customer, customer.places()

    def _asks_in_vain(self, customer: Customer, order_id: str, what: str) -> int:
        self.plan.goes_wrong(customer.id, "api", "drop SendTaskSuccess", times=1)
        answer = self._asks(order_id, what)
        assert self.plan.has_happened(customer.id, "api")
        return answer

    def _asks(self, order_id: str, what: str) -> int:
        headers = {"Authorization": f"Bearer {self.restaurant.token}"}
        return self.system.api.request("POST", f"/{order_id}/{what}", headers=headers).status_code


@pytest.fixture(scope="module")
def stories(faulty: System, plan: Plan, witness: Witness, at_once: ThreadPoolExecutor) -> Stories:
    """Begin the stories of all tests. The witness is created first, because it sees only later deliveries."""
    return Stories(faulty, plan, at_once)


def history(customer: Customer, order_id: str, until: str) -> list[str]:
    """Return the order's changes once the one that is waited for is among them."""

    def look() -> list[str] | None:
        changes = [entry["change"] for entry in customer.sees(order_id)["history"]]
        return changes if until in changes else None

    return eventually(look, f"{until} of {order_id}")


def test_a_callback_that_got_lost_is_made_up_for_at_the_timeout(stories: Stories, faulty: System) -> None:
    customer, order_id, answer = stories["lost decision"]
    assert answer == 200
    assert "order_expired" not in history(customer, order_id, "order_accepted")
    entered, way = states(faulty, order_id), goes(faulty, "Expire order", "Decision?", "Accept order")
    late = entered.index(DECIDES) + 1
    assert entered[late : late + len(way)] == way


def test_a_completion_whose_callback_got_lost_is_made_up_for_at_the_deadline(stories: Stories, faulty: System) -> None:
    customer, order_id, answer = stories["lost completion"]
    assert answer == 200
    assert "order_timed_out" not in history(customer, order_id, "order_completed")
    entered = states(faulty, order_id)
    late, way = entered.index(DELIVERS) + 1, goes(faulty, "Time out order", "Completed after all?", "Complete order")
    assert entered[late : late + len(way)] == way


@pytest.mark.parametrize(
    ("race", "carried_out", "refused"),
    [
        *((f"accept {number}", "order_accepted", "order_expired") for number in range(RACES)),
        *((f"complete {number}", "order_completed", "order_timed_out") for number in range(RACES)),
    ],
)
def test_what_is_decided_in_the_moment_of_the_timeout_is_either_carried_out_or_refused(
    stories: Stories, witness: Witness, race: str, carried_out: str, refused: str
) -> None:
    customer, order_id, answer = stories[race]
    happens, does_not = {200: (carried_out, refused), 409: (refused, carried_out)}[answer]
    assert does_not not in history(customer, order_id, happens)
    assert does_not not in witness.types(order_id, happens)
