"""The journey of an order shows its end, whichever it was: states, events, and the messages to its customer."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest

from takeaway.run.client.journey import Moment, timeline
from takeaway.run.client.system import System
from tests.fakes.people import Customer, Restaurant, eventually

pytestmark = [pytest.mark.engine, pytest.mark.own_stage]
Act = Callable[[System, Customer, Restaurant, str], object]


def nothing(*_: object) -> None:
    """Let nobody do anything."""


def delivered(_system: System, _customer: Customer, restaurant: Restaurant, order_id: str) -> None:
    restaurant.accepts(order_id)
    restaurant.delivers(order_id)


def stopped(system: System, _customer: Customer, restaurant: Restaurant, order_id: str) -> None:
    restaurant.hears_of(order_id)
    eventually(
        lambda: "Await restaurant decision" in [step.name for step in system.workflow.steps(order_id)],
        "the workflow waits",
    )
    system.workflow.stop(order_id, why="a test")


# end -> the function that brings an order to it, and the state that its journey shows for it
ENDS: dict[str, tuple[Act, str | None]] = {
    "completed": (delivered, "Complete order"),
    "rejected": (
        lambda _system, _customer, restaurant, order_id: restaurant.rejects(order_id, "closed"),
        "Reject order",
    ),
    "cancelled": (
        lambda system, customer, _restaurant, order_id: (
            system.placed(order_id),
            system.api.act("cancel", order_id, token=customer.token),
        ),
        "Cancel order",
    ),
    "expired": (nothing, "Expire order"),
    "timed_out": (lambda _system, _customer, restaurant, order_id: restaurant.accepts(order_id), "Time out order"),
    "failed": (stopped, None),  # ended from outside the workflow
}


@pytest.fixture(scope="module")
def journeys(faulty: System) -> dict[str, list[Moment]]:
    """Return the journey of one order for each end, all lived at once."""

    def live(end: str) -> list[Moment]:
        customer, restaurant = Customer(faulty, f"traveller-{uuid4().hex[:8]}"), Restaurant(faulty)
        order_id = customer.places()
        act, _ = ENDS[end]
        act(faulty, customer, restaurant, order_id)
        customer.waits_for(order_id, end.upper())
        return eventually(lambda: found if _is_over(found := timeline(faulty.traces(order_id)), end) else None, end)

    with ThreadPoolExecutor(len(ENDS)) as pool:
        return dict(zip(ENDS, pool.map(live, ENDS), strict=True))


def _is_over(journey: list[Moment], end: str) -> bool:
    """Tell whether the end and the message about it are recorded, in either order."""
    told = [f"{moment.what} {moment.detail}" for moment in journey if moment.actor == "bus"]
    words = [f"order_{end}"] if end == "completed" else [f"order_{end}", f"reason: {end}"]
    return all(any(word in each for each in told) for word in words)


@pytest.mark.parametrize("end", ENDS)
def test_a_journey_shows_how_the_order_ended(journeys: dict[str, list[Moment]], end: str) -> None:
    told = [(moment.actor, moment.what) for moment in journeys[end]]
    assert told.count(("bus", f"order_{end}")) == 1
    _, state = ENDS[end]
    if state:
        assert ("workflow", state) in told
    mails = {"completed": 1, "timed_out": 2}.get(end, 1)
    assert sum(actor == "customer" for actor, _ in told) >= mails
    assert [moment.at for moment in journeys[end]] == sorted(moment.at for moment in journeys[end])
