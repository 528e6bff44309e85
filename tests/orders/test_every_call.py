"""Every status x call x role: the status code that the API answers with."""

import itertools

import pytest

from contexts.orders.domain.identity import Identity, Role
from contexts.orders.domain.lifecycle import Completion, Decision, Status
from contexts.orders.domain.order import Order
from tests.fakes.orders import NOON, ORDER_ID, World, draft
from tests.orders.test_api import call

OWN_CUSTOMER, OWN_RESTAURANT = "alice", "roma"
WHO = ("alice", "roma", "bob", "napoli", "nobody")
CALLS = ("GET", "accept", "reject", "cancel", "complete")
CLOSED = (Status.COMPLETED, Status.REJECTED, Status.EXPIRED, Status.CANCELLED, Status.TIMED_OUT, Status.FAILED)


def order_in(status: Status) -> Order:
    """Return an order that has come to this status on the usual way."""
    order = draft()
    if status is Status.RECEIVED:
        return order
    order = order.become(Status.PLACED, NOON).restaurant_notified(NOON)
    match status:
        case Status.PLACED | Status.FAILED:
            return order if status is Status.PLACED else order.become(status, NOON)
        case Status.REJECTED | Status.CANCELLED:
            return order.decide(Decision(status.lower())).become(status, NOON)
        case Status.EXPIRED:
            return order.expire(NOON)
    order = order.decide(Decision.ACCEPTED).become(Status.ACCEPTED, NOON)
    match status:
        case Status.COMPLETED:
            return order.deliver().become(status, NOON)
        case Status.TIMED_OUT:
            return order.time_out(NOON)
    return order


# Answers to the order's customer and restaurant. A call marked "again" repeats a decision, and is answered the same.
CUSTOMER = {
    **dict.fromkeys(itertools.product(Status, ["GET"]), 200),
    **dict.fromkeys(itertools.product(Status, ["accept", "reject", "complete"]), 403),
    **dict.fromkeys(itertools.product(Status, ["cancel"]), 409),
    (Status.PLACED, "cancel"): 200,
    (Status.CANCELLED, "cancel"): 200,  # again
}
RESTAURANT = {
    **dict.fromkeys(itertools.product(Status, ["GET"]), 200),
    **dict.fromkeys(itertools.product(Status, ["cancel"]), 403),
    **dict.fromkeys(itertools.product(Status, ["accept", "reject", "complete"]), 409),
    **dict.fromkeys(itertools.product([Status.RECEIVED], CALLS), 404),  # a draft is not the restaurant's business yet
    (Status.PLACED, "accept"): 200,
    (Status.PLACED, "reject"): 200,
    (Status.ACCEPTED, "complete"): 200,
    (Status.ACCEPTED, "accept"): 200,  # again
    (Status.COMPLETED, "accept"): 200,  # again: it was accepted on its way
    (Status.TIMED_OUT, "accept"): 200,  # again
    (Status.COMPLETED, "complete"): 200,  # again
    (Status.REJECTED, "reject"): 200,  # again
}


def expected(status: Status, action: str, who: str) -> int:
    if who == "nobody":
        return 401
    if who in ("bob", "napoli"):
        return 404
    return (CUSTOMER if who == OWN_CUSTOMER else RESTAURANT)[(status, action)]


def request(world: World, action: str, who: str) -> tuple[int, dict[str, object]]:
    world.identity.known |= {"bob": Identity(Role.CUSTOMER, "bob"), "napoli": Identity(Role.RESTAURANT, "napoli")}
    if action == "GET":
        status, answered, _ = call(world, "GET", f"/orders/{ORDER_ID}", who=who)
    else:
        body = {"reason": "closed"} if action == "reject" else None
        status, answered, _ = call(world, "POST", f"/orders/{ORDER_ID}/{action}", body, who=who)
    return status, answered


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("action", CALLS)
@pytest.mark.parametrize("who", WHO)
def test_every_call_in_every_status_by_everyone(status: Status, action: str, who: str) -> None:
    before = order_in(status)
    assert before.status is status
    world = World().holding(before)
    code, answered = request(world, action, who)
    assert code == expected(status, action, who)
    after = world.orders.get(ORDER_ID)
    assert after.status is status  # a call records a decision; only the workflow changes the status
    if code != 200:
        assert after == before
        assert answered["status"] == code
    if code == 409 and status is not Status.RECEIVED:
        assert answered["order_status"] == status


@pytest.mark.parametrize("status", CLOSED)
def test_a_closed_order_stays_as_it_is_whatever_is_asked(status: Status) -> None:
    before = order_in(status)
    world = World().holding(before)
    for action, who in itertools.product(CALLS, WHO):
        request(world, action, who)
    after = world.orders.get(ORDER_ID)
    assert (after.status, after.decision, after.completion) == (before.status, before.decision, before.completion)
    assert after.completion is not Completion.COMPLETED or status is Status.COMPLETED
