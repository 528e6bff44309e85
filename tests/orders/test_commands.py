"""Commands of people: the decision is recorded first, then the workflow is woken up."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from contexts.orders.application import commands
from contexts.orders.application.commands import Answer
from contexts.orders.application.ports import CallbackLost, Wait
from contexts.orders.domain.identity import Identity, Role
from contexts.orders.domain.lifecycle import Completion, Decision, Status
from contexts.orders.domain.order import Order
from contexts.orders.domain.refusals import Forbidden, KeyReused, OrderNotWaiting, UnknownOrder
from tests.fakes.orders import ALICE, NOON, ORDER_ID, ROMA, SENT, StoredInMemory, World, draft

BOB = Identity(Role.CUSTOMER, "bob")
NAPOLI = Identity(Role.RESTAURANT, "napoli")
Command = Callable[[str, Identity, World], Answer]


def placed() -> Order:
    return draft().become(Status.PLACED, NOON).restaurant_notified(NOON)


def accepted() -> Order:
    return placed().decide(Decision.ACCEPTED).become(Status.ACCEPTED, NOON)


def reject(order_id: str, identity: Identity, world: World) -> Answer:
    return commands.reject(order_id, identity, world, reason="closed")


def test_an_order_is_stored_and_its_workflow_started_with_its_id() -> None:
    world = World()
    assert commands.submit_order(draft(), world, fingerprint=SENT) == draft()
    assert world.orders.get(ORDER_ID).status is Status.RECEIVED
    assert world.workflow.started == {ORDER_ID: 1}
    assert world.events.types == []


def test_the_same_request_again_does_the_same_again() -> None:
    world = World()
    first = commands.submit_order(draft(), world, fingerprint=SENT)
    world.holding(first.become(Status.PLACED, NOON))
    assert commands.submit_order(draft(), world, fingerprint=SENT).order_id == first.order_id
    assert world.orders.get(ORDER_ID).status is Status.PLACED


def test_a_request_whose_start_failed_is_started_by_its_repetition() -> None:
    world = World()
    world.workflow.failure = ConnectionError()
    with pytest.raises(ConnectionError):
        commands.submit_order(draft(), world, fingerprint=SENT)
    world.workflow.failure = None
    commands.submit_order(draft(), world, fingerprint=SENT)
    assert world.workflow.started == {ORDER_ID: 1}


def test_the_same_key_with_another_body_is_refused_and_starts_nothing() -> None:
    world = World().holding(draft())
    assert commands.submit_order(draft(), world, fingerprint="another") == KeyReused()
    assert not world.workflow.started
    assert world.orders.get(ORDER_ID) == draft()


@pytest.mark.parametrize(
    "identity", [BOB, NAPOLI, replace(ALICE, role=Role.RESTAURANT), replace(ROMA, role=Role.CUSTOMER)]
)
@pytest.mark.parametrize("command", [commands.view_order, commands.accept, commands.cancel, commands.complete, reject])
def test_somebody_else_learns_nothing_of_an_order(command: Command, identity: Identity) -> None:
    world = World().holding(placed())
    assert command(ORDER_ID, identity, world) == UnknownOrder(ORDER_ID) == command(ORDER_ID, identity, World())
    assert world.orders.get(ORDER_ID) == placed()


def test_a_restaurant_does_not_see_a_draft_but_its_customer_does() -> None:
    world = World().holding(draft())
    assert commands.view_order(ORDER_ID, ALICE, world) == draft()
    assert commands.view_order(ORDER_ID, ROMA, world) == UnknownOrder(ORDER_ID)


@pytest.mark.parametrize(
    ("command", "identity"),
    [(commands.accept, ALICE), (reject, ALICE), (commands.complete, ALICE), (commands.cancel, ROMA)],
)
def test_a_party_of_the_order_may_only_do_what_its_role_may(command: Command, identity: Identity) -> None:
    assert isinstance(command(ORDER_ID, identity, World().holding(placed())), Forbidden)


@pytest.mark.parametrize(
    ("command", "identity", "before", "wait", "outcome"),
    [
        (commands.accept, ROMA, placed(), Wait.DECISION, Decision.ACCEPTED),
        (reject, ROMA, placed(), Wait.DECISION, Decision.REJECTED),
        (commands.cancel, ALICE, placed(), Wait.DECISION, Decision.CANCELLED),
        (commands.complete, ROMA, accepted(), Wait.COMPLETION, Completion.COMPLETED),
    ],
)
def test_a_decision_is_recorded_and_wakes_up_the_workflow_that_waits_for_it(
    command: Command, identity: Identity, before: Order, wait: Wait, outcome: str
) -> None:
    world = World().holding(before)
    world.orders.tokens = {(ORDER_ID, each): f"token of {each}" for each in Wait}
    command(ORDER_ID, identity, world)
    again = command(ORDER_ID, identity, world)  # repeated, because its callback may have been lost
    assert outcome in (again.order.decision, again.order.completion)
    assert again.order == world.orders.get(ORDER_ID)
    assert world.workflow.resumed == [(f"token of {wait}", {wait: outcome})] * 2


def test_a_decision_before_the_workflow_waits_is_recorded_for_it_to_find() -> None:
    world = World().holding(placed())
    commands.accept(ORDER_ID, ROMA, world)
    assert world.orders.get(ORDER_ID).decision is Decision.ACCEPTED
    assert world.workflow.resumed == []


def test_a_wait_that_begins_between_the_read_and_the_write_of_a_decision_is_woken_up() -> None:
    world = World().holding(placed())
    save = world.orders.save

    def stores_its_token_meanwhile(before: Order, after: Order) -> StoredInMemory:
        world.orders.tokens[ORDER_ID, Wait.DECISION] = "stored meanwhile"
        return save(before, after)

    world.orders.save = stores_its_token_meanwhile  # type: ignore[method-assign]
    commands.accept(ORDER_ID, ROMA, world)
    assert world.workflow.resumed == [("stored meanwhile", {"decision": "accepted"})]


def test_a_lost_callback_loses_no_decision() -> None:
    world = World().holding(placed())
    world.orders.tokens = {(ORDER_ID, Wait.DECISION): "token"}
    world.workflow.failure = CallbackLost("network")
    assert commands.accept(ORDER_ID, ROMA, world).callback_lost
    assert world.orders.get(ORDER_ID).decision is Decision.ACCEPTED


def test_of_two_who_decide_at_once_the_second_is_told_what_was_decided() -> None:
    world = World().holding(placed())
    world.orders.meanwhile = [placed().decide(Decision.CANCELLED)]
    refused = commands.accept(ORDER_ID, ROMA, world)
    assert isinstance(refused, OrderNotWaiting)
    assert "it is cancelled" in str(refused)
    assert refused.order.decision is Decision.CANCELLED
    assert world.workflow.resumed == []


def test_a_decision_survives_a_step_of_the_workflow_at_the_same_moment() -> None:
    before = draft().become(Status.PLACED, NOON)
    world = World().holding(before)
    world.orders.meanwhile = [before.restaurant_notified(NOON)]
    commands.accept(ORDER_ID, ROMA, world)
    order = world.orders.get(ORDER_ID)
    assert order.decision is Decision.ACCEPTED
    assert [str(change.type) for change, _ in order.history] == ["order_placed", "restaurant_notified"]
