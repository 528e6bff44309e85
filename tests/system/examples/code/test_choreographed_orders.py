"""Choreographed orders: the called function carries the decision out, and listeners of its event react."""

import json
import logging
from typing import Any

import pytest

from contexts.orders.application import commands
from contexts.orders.application.ports import Conflict, Ports, PublishingFailed
from contexts.orders.domain.lifecycle import ChangeType, Decision, Status
from contexts.orders.domain.order import Order
from contexts.orders.published_events import Event
from examples.choreographed_orders import call, reaction, reactions
from examples.choreographed_orders.infrastructure.subscriptions import TRIGGERED_BY
from tests.fakes.lambda_context import FakeLambdaContext
from tests.fakes.orders import ALICE, NOON, ORDER_ID, ROMA, SENT, draft
from tests.system.examples.code.conftest import ChoreographedWorld

REACTIONS = {"notify_restaurant": reactions.notify_restaurant, "notify_user": reactions.notify_user}
COMPLETED = ["order_placed", "restaurant_notified", "order_accepted", "user_notified", "order_completed"]


def hears(world: ChoreographedWorld, event: Event) -> None:
    """Deliver an event to every step that it triggers, then the events of those, and so on."""
    for step, types in TRIGGERED_BY.items():
        if event.type in types:
            before = len(world.events.published)
            REACTIONS[step](ChangeType(event.type), ORDER_ID, world)
            for caused in world.events.published[before:]:
                assert caused.detail["metadata"]["causation_id"] == event.event_id
                assert caused.detail["metadata"]["correlation_id"] == ORDER_ID
                hears(world, caused)


def published(world: ChoreographedWorld, what: Any) -> None:
    """Do something, and deliver the events that it publishes."""
    before = len(world.events.published)
    what()
    for event in world.events.published[before:]:
        hears(world, event)


def place(world: Ports) -> Order:
    return commands.submit_order(draft(), world, fingerprint=SENT)


def test_an_order_that_goes_well_has_the_events_of_the_article_one_causing_the_other(
    choreographed: ChoreographedWorld,
) -> None:
    world = choreographed
    published(world, lambda: place(world))
    published(world, lambda: commands.accept(ORDER_ID, ROMA, world))
    published(world, lambda: commands.complete(ORDER_ID, ROMA, world))
    assert world.events.types == COMPLETED
    assert world.orders.get(ORDER_ID).status is Status.COMPLETED
    assert len(world.restaurants.sent) == len(world.customers.sent) == 1


@pytest.mark.parametrize(
    ("decide", "status"),
    [
        (lambda world: commands.reject(ORDER_ID, ROMA, world, reason="closed"), Status.REJECTED),
        (lambda world: commands.cancel(ORDER_ID, ALICE, world), Status.CANCELLED),
    ],
)
def test_an_order_that_ends_early_is_told_of(choreographed: ChoreographedWorld, decide: Any, status: Status) -> None:
    world = choreographed
    published(world, lambda: place(world))
    published(world, lambda: decide(world))
    assert world.events.types == [*COMPLETED[:2], f"order_{status.lower()}", "user_notified"]
    assert world.customers.sent == [(ORDER_ID, status)]


def test_what_was_decided_is_published_again_when_it_is_asked_for_again(choreographed: ChoreographedWorld) -> None:
    world = choreographed
    place(world)
    world.events.failures = 1
    with pytest.raises(PublishingFailed):
        commands.accept(ORDER_ID, ROMA, world)
    assert world.orders.get(ORDER_ID).status is Status.ACCEPTED
    commands.accept(ORDER_ID, ROMA, world)
    assert world.events.types == ["order_placed", "order_accepted"]


def test_a_completion_before_the_acceptance_is_carried_out_is_to_be_asked_for_again(
    choreographed: ChoreographedWorld,
) -> None:
    world = choreographed
    place(world)
    world.holding(world.orders.get(ORDER_ID).decide(Decision.ACCEPTED))  # the function died after the decision
    with pytest.raises(Conflict, match="PLACED"):
        commands.complete(ORDER_ID, ROMA, world)
    commands.accept(ORDER_ID, ROMA, world)
    commands.complete(ORDER_ID, ROMA, world)
    assert world.orders.get(ORDER_ID).status is Status.COMPLETED


def test_an_event_that_comes_twice_tells_nobody_twice(choreographed: ChoreographedWorld) -> None:
    world = choreographed
    published(world, lambda: place(world))
    published(world, lambda: commands.accept(ORDER_ID, ROMA, world))
    for event in list(world.events.published):
        hears(world, event)
    assert len(world.restaurants.sent) == len(world.customers.sent) == 1
    assert len({event.event_id for event in world.events.published}) == len(COMPLETED) - 1


def test_a_restaurant_is_not_told_of_an_order_that_was_cancelled_meanwhile(choreographed: ChoreographedWorld) -> None:
    world = choreographed
    place(world)
    commands.cancel(ORDER_ID, ALICE, world)
    reactions.notify_restaurant(ChangeType.ORDER_PLACED, ORDER_ID, world)
    assert world.restaurants.sent == []
    assert world.events.types == ["order_placed", "order_cancelled"]


def test_a_customer_who_has_the_food_is_not_told_that_the_order_is_confirmed(
    choreographed: ChoreographedWorld,
) -> None:
    world = choreographed
    place(world)
    commands.accept(ORDER_ID, ROMA, world)
    commands.complete(ORDER_ID, ROMA, world)
    reactions.notify_user(ChangeType.ORDER_ACCEPTED, ORDER_ID, world)
    assert world.customers.sent == []
    assert "user_notified" not in world.events.types


def test_a_mail_that_was_sent_is_published_though_the_order_has_moved_on(choreographed: ChoreographedWorld) -> None:
    world = choreographed
    place(world)
    commands.accept(ORDER_ID, ROMA, world)
    world.events.failures = 1
    with pytest.raises(PublishingFailed):
        reactions.notify_user(ChangeType.ORDER_ACCEPTED, ORDER_ID, world)
    commands.complete(ORDER_ID, ROMA, world)
    reactions.notify_user(ChangeType.ORDER_ACCEPTED, ORDER_ID, world)
    assert len(world.customers.sent) == 1
    assert world.events.types[-1] == "user_notified"


def delivered(*events: Event) -> dict[str, Any]:
    return {
        "Records": [
            {
                "messageId": str(number),
                "eventSource": "aws:sqs",
                "attributes": {"ApproximateReceiveCount": "1"},
                "body": json.dumps({"detail-type": event.type, "detail": event.detail}),
            }
            for number, event in enumerate(events)
        ]
    }


def test_a_function_behind_the_bus_reports_what_it_could_not_do_and_logs_the_order_and_the_cause(
    choreographed: ChoreographedWorld,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.CRITICAL)
    world = choreographed
    monkeypatch.setattr(reaction, "choreographed", lambda: world)
    place(world)
    [placed] = world.events.published
    unknown = Event("order_placed", {**placed.detail, "data": {"order_id": "unknown"}})
    handler = reaction.reaction(reactions.notify_restaurant)
    answered = handler(delivered(unknown, placed), FakeLambdaContext())
    assert answered == {"batchItemFailures": [{"itemIdentifier": "0"}]}
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines() if line.startswith('{"level":"INFO"')]
    assert [(line["correlation_id"], line["causation_id"]) for line in lines] == [(ORDER_ID, placed.event_id)]


def test_a_function_behind_the_api_answers_as_the_api_of_orders_does(
    choreographed: ChoreographedWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(call, "choreographed", lambda: choreographed)
    choreographed.holding(draft().become(Status.PLACED, NOON))
    event = {
        "httpMethod": "POST",
        "path": f"/orders/{ORDER_ID}/accept",
        "resource": "/orders/{order_id}/accept",
        "pathParameters": {"order_id": ORDER_ID},
        "headers": {"Authorization": "Bearer roma"},
        "requestContext": {},
        "body": None,
    }
    answered = call.call(event, FakeLambdaContext())
    assert (answered["statusCode"], json.loads(answered["body"])["decision"]) == (200, "accepted")
    assert choreographed.events.types == ["order_accepted"]
