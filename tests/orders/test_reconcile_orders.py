"""Reconciliation: an order is closed although the event of its execution's end was lost."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from moto import mock_aws

from contexts.orders.adapters.executions import StepFunctionsExecutions
from contexts.orders.application.ports import Ended
from contexts.orders.application.reconcile_orders import GRACE, LOOK_BACK, MOST, reconcile_orders
from contexts.orders.domain.lifecycle import Decision, Status
from contexts.orders.handlers import close_order
from tests.fakes import aws
from tests.fakes.lambda_context import FakeLambdaContext
from tests.fakes.orders import NOON, ORDER_ID, World, draft

PLACED = draft().become(Status.PLACED, NOON)
ACCEPTED = PLACED.decide(Decision.ACCEPTED).become(Status.ACCEPTED, NOON)


@dataclass
class ListedExecutions:
    listed: list[tuple[Ended, datetime]] = field(default_factory=list)
    asked: list[Ended] = field(default_factory=list)

    def ended(self, *, since: datetime, until: datetime) -> Iterator[Ended]:
        return (each for each, at in self.listed if since <= at < until)

    def have_closed(self, ended: Any) -> None:
        self.asked += ended


@dataclass
class LookingWorld(World):
    executions: ListedExecutions = field(default_factory=ListedExecutions)


def world_with(*ended: Ended, ago: timedelta = timedelta(hours=1)) -> LookingWorld:
    world = LookingWorld().holding(ACCEPTED)
    assert isinstance(world, LookingWorld)
    world.executions.listed = [(each, world.clock.time - ago) for each in ended]
    return world


def test_an_open_order_whose_execution_has_ended_is_closed() -> None:
    world = world_with(Ended(ORDER_ID, "ABORTED"))
    found = reconcile_orders(world)
    assert (found.looked_at, found.open) == (1, [ORDER_ID])
    assert world.executions.asked == [Ended(ORDER_ID, "ABORTED")]


@pytest.mark.parametrize(
    "order", [ACCEPTED.become(Status.FAILED, NOON), PLACED.decide(Decision.REJECTED).become(Status.REJECTED, NOON)]
)
def test_an_order_that_is_closed_is_left_alone(order: Any) -> None:
    world = world_with(Ended(ORDER_ID, "FAILED"))
    world.holding(order)
    assert reconcile_orders(world).open == []
    assert world.executions.asked == []


def test_an_execution_of_an_order_that_is_gone_is_passed_over() -> None:
    world = world_with(Ended("forgotten", "FAILED"), Ended(ORDER_ID, "FAILED"))
    assert reconcile_orders(world).open == [ORDER_ID]


@pytest.mark.parametrize("ago", [GRACE / 2, LOOK_BACK + timedelta(minutes=1)])
def test_what_ended_just_now_is_left_to_its_event_and_what_ended_long_ago_to_the_looks_before(ago: timedelta) -> None:
    world = world_with(Ended(ORDER_ID, "FAILED"), ago=ago)
    assert reconcile_orders(world).looked_at == 0


def test_one_look_is_bounded() -> None:
    world = world_with(*(Ended(f"order-{number}", "FAILED") for number in range(MOST + 1)))
    assert reconcile_orders(world).looked_at == MOST


class Listing:
    """Step Functions with a list of executions, a page at a time, those that started last first."""

    def __init__(self, *pages: list[tuple[str, int, int]]) -> None:
        self.pages, self.read = pages, 0

    def get_paginator(self, _operation: str) -> "Listing":
        return self

    def paginate(self, *, stateMachineArn: str, statusFilter: str) -> Iterator[dict[str, Any]]:  # noqa: N803
        if (stateMachineArn, statusFilter) != ("machine", "TIMED_OUT"):
            yield {"executions": []}
            return
        for page in self.pages:
            self.read += 1
            times = [(name, *(NOON + timedelta(minutes=each) for each in at)) for name, *at in page]
            yield {"executions": [{"name": name, "startDate": start, "stopDate": stop} for name, start, stop in times]}


def executions(workflow: Any, queues: Any = None, url: str = "") -> StepFunctionsExecutions:
    return StepFunctionsExecutions(workflow, "machine", queues, url, lasts_at_most=timedelta(hours=2))


def test_executions_are_listed_as_far_back_as_one_could_have_started_that_ended_in_time() -> None:
    listing = Listing(
        [("new", -1, 3), ("in time", -60, -10), ("too early", -170, -60)],
        [("started long ago", -175, -55), ("nothing behind it can count", -181, -70)],
        [("not read", -400, -300)],
    )
    found = executions(listing).ended(since=NOON - timedelta(hours=1), until=NOON)
    assert list(found) == [Ended(name, "TIMED_OUT") for name in ("in time", "too early", "started long ago")]
    assert listing.read == 2


def test_the_closing_of_an_order_is_asked_for_as_its_event_would_have() -> None:
    with mock_aws():
        queues = aws.client("sqs", region="eu-west-1")
        url = queues.create_queue(QueueName="closing")["QueueUrl"]
        ended = [Ended(f"order-{number}", "ABORTED") for number in range(23)]
        executions(None, queues, url).have_closed(ended)
        sent = [
            json.loads(message["Body"])["detail"]
            for _ in range(5)
            for message in queues.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", ())
        ]
    assert sorted(each["name"] for each in sent) == sorted(each.order_id for each in ended)
    assert {each["status"] for each in sent} == {"ABORTED"}


def test_the_message_is_one_that_close_order_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    bodies: list[str] = []

    class Recording:
        def send_message(self, *, MessageBody: str, **_: object) -> None:  # noqa: N803
            bodies.append(MessageBody)

    executions(None, Recording()).have_closed([Ended(ORDER_ID, "TIMED_OUT")])
    world = World().holding(ACCEPTED)
    monkeypatch.setattr("contexts.orders.handlers.close_order.production", lambda: world)
    monkeypatch.setenv("POWERTOOLS_METRICS_NAMESPACE", "Takeaway")
    monkeypatch.setenv("POWERTOOLS_SERVICE_NAME", "orders")
    attributes = {"ApproximateReceiveCount": "1"}
    record = {"messageId": "1", "eventSource": "aws:sqs", "attributes": attributes, "body": bodies[0]}
    assert close_order.handler({"Records": [record]}, FakeLambdaContext()) == {"batchItemFailures": []}
    assert world.orders.get(ORDER_ID).status is Status.TIMED_OUT
