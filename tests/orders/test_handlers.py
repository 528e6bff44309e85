"""The handlers are thin: one line of log with the order's id, and no personal data in it or in their answers."""

import importlib
import json
import logging
from typing import Any

import pytest

from contexts.orders import bootstrap, observability
from contexts.orders.domain.lifecycle import Decision, Status
from contexts.orders.domain.order import Order
from contexts.orders.handlers import api, close_order
from contexts.orders.workflow import task
from tests.fakes.lambda_context import FakeLambdaContext
from tests.fakes.orders import NOON, ORDER_ID, World, draft

PLACED = draft(note="my gate code is 1234").become(Status.PLACED, NOON)
ACCEPTED = PLACED.decide(Decision.ACCEPTED).become(Status.ACCEPTED, NOON)
STEPS = {
    "place_order": draft(),
    "notify_restaurant": PLACED,
    "accept_order": PLACED.decide(Decision.ACCEPTED),
    "reject_order": PLACED.decide(Decision.REJECTED),
    "cancel_order": PLACED.decide(Decision.CANCELLED),
    "expire_order": PLACED,
    "notify_user": ACCEPTED,
    "skip_notification": ACCEPTED,
    "complete_order": ACCEPTED.deliver(),
    "time_out_order": ACCEPTED,
    "fail_order": ACCEPTED,
}


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> World:
    # a logger keeps its first stream, so each test needs a new one
    monkeypatch.setenv("POWERTOOLS_SERVICE_NAME", request.node.name)
    monkeypatch.setenv("POWERTOOLS_METRICS_NAMESPACE", "Takeaway")
    for cached in (bootstrap.production, observability.logger, observability.metrics):
        cached.cache_clear()
    world = World()
    for module in (
        "contexts.orders.workflow.task",
        "contexts.orders.handlers.api",
        "contexts.orders.handlers.close_order",
    ):
        monkeypatch.setattr(f"{module}.production", lambda: world)
    return world


def run(step: str) -> Any:
    return importlib.import_module(f"contexts.orders.handlers.{step}").handler(
        {"order_id": ORDER_ID}, FakeLambdaContext()
    )


def logged(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines() if line.startswith("{")]


@pytest.mark.parametrize(("step", "before"), STEPS.items(), ids=STEPS)
def test_a_task_answers_with_enumerations_and_logs_one_line_about_its_order(
    world: World, capsys: pytest.CaptureFixture[str], step: str, before: Order
) -> None:
    world.holding(before)
    answered = run(step)
    stored = world.orders.get(ORDER_ID)
    assert answered == {"status": stored.status, "decision": stored.decision, "completion": stored.completion}
    lines = [line for line in logged(capsys) if "level" in line]
    assert [(line["message"], line["correlation_id"]) for line in lines] == [(f"{step} done", ORDER_ID)]
    for personal in ("alice@example.com", "Ångström", "1234", "Via Appia"):
        assert personal not in json.dumps([lines, answered], ensure_ascii=False)


class Watched:
    """A world that records which of its ports are used."""

    def __init__(self, world: World) -> None:
        self.world, self.asked_for = world, set[str]()

    def __getattr__(self, port: str) -> Any:
        self.asked_for.add(port)
        return getattr(self.world, port)


# All ports that a step may need: this one publishes only events that could not be published before.
NEEDING = {**STEPS, "skip_notification": ACCEPTED.user_notified(Status.ACCEPTED, NOON)}


@pytest.mark.parametrize(("step", "before"), NEEDING.items(), ids=NEEDING)
def test_a_step_makes_in_init_what_its_call_needs_and_no_more(
    world: World, monkeypatch: pytest.MonkeyPatch, step: str, before: Order
) -> None:
    made = list[str]()
    monkeypatch.setattr(task, "ready", lambda *ports: made.extend(ports))
    handler = task.workflow_task(task.STEPS[step].use_case)
    watched = Watched(world.holding(before))
    monkeypatch.setattr(task, "production", lambda: watched)
    handler({"order_id": ORDER_ID}, FakeLambdaContext())
    assert watched.asked_for | {"clock"} == set(made)  # a clock costs nothing


def test_nothing_is_made_by_an_import_and_in_an_init_of_lambda_what_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    watched = Watched(World())
    monkeypatch.setattr(bootstrap, "production", lambda: watched)
    assert not bootstrap.ready("orders", "events")
    assert watched.asked_for == set()
    monkeypatch.setenv("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand")
    assert bootstrap.ready("orders", "events")
    assert watched.asked_for == {"orders", "events"}


def test_every_line_of_the_log_has_the_trace_that_it_belongs_to(
    world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    trace = "1-5759e988-bd862e3fe1be46a994272793"
    monkeypatch.setenv("_X_AMZN_TRACE_ID", f"Root={trace};Parent=53995c3f42cd8ad8;Sampled=1")
    world.holding(PLACED)
    run("notify_restaurant")
    assert {line["xray_trace_id"] for line in logged(capsys) if "level" in line} == {trace}


def test_a_skipped_notification_is_counted(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    world.holding(ACCEPTED)
    run("skip_notification")
    [metric] = [line for line in logged(capsys) if "_aws" in line]
    assert metric["UserNotNotified"] == [1.0]


def test_a_status_is_counted_with_the_time_that_it_took(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    for step in ("place_order", "notify_restaurant"):
        world.holding(world.orders.stored.get(ORDER_ID, draft()))
        importlib.import_module(f"contexts.orders.handlers.{step}").handler({"order_id": ORDER_ID}, FakeLambdaContext())
    placed = world.orders.get(ORDER_ID)
    world.holding(placed.decide(Decision.ACCEPTED).deliver())
    for step in ("accept_order", "complete_order"):
        importlib.import_module(f"contexts.orders.handlers.{step}").handler({"order_id": ORDER_ID}, FakeLambdaContext())
    counted = {
        name: value for line in logged(capsys) if "_aws" in line for name, value in line.items() if name[0].isupper()
    }
    assert counted == {
        "OrdersPlaced": [1.0],
        "OrdersAccepted": [1.0],
        "TimeToAccept": [1000.0],
        "OrdersCompleted": [1.0],
        "TimeToComplete": [3000.0],
    }


def test_what_gave_way_to_a_decision_is_not_counted(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    world.holding(PLACED.decide(Decision.ACCEPTED))
    importlib.import_module("contexts.orders.handlers.expire_order").handler(
        {"order_id": ORDER_ID}, FakeLambdaContext()
    )
    assert not [line for line in logged(capsys) if "_aws" in line]


def test_an_order_is_counted_as_closed_once(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    world.holding(ACCEPTED)
    for _ in range(2):
        close_order.handler(execution_ended(ORDER_ID), FakeLambdaContext())
    counted = [line for line in logged(capsys) if "_aws" in line]
    assert [line["OrdersFailed"] for line in counted if "OrdersFailed" in line] == [[1.0]]
    assert [line["OrdersClosedFromOutside"] for line in counted if "OrdersFailed" not in line] == [[1.0]]


def test_an_order_that_its_workflow_has_closed_is_not_counted_as_closed_from_outside(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    world.holding(ACCEPTED.become(Status.FAILED, ACCEPTED.received_at))
    close_order.handler(execution_ended(ORDER_ID, status="FAILED"), FakeLambdaContext())
    assert not [line for line in logged(capsys) if "_aws" in line]


def test_an_order_whose_customer_can_not_be_told_is_closed_and_counted_and_told_of_three_times_at_most(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    world.holding(ACCEPTED)
    world.customers.failures = 9
    answers = [
        close_order.handler(execution_ended(ORDER_ID, received=tries), FakeLambdaContext()) for tries in (1, 2, 3)
    ]
    assert [len(answer["batchItemFailures"]) for answer in answers] == [1, 1, 0]
    assert world.orders.get(ORDER_ID).status is Status.FAILED
    lines = logged(capsys)
    counted = [name for line in lines if "_aws" in line for name in line if name in ("OrdersFailed", "UserNotNotified")]
    assert counted == ["OrdersFailed", "UserNotNotified"]
    assert [line["correlation_id"] for line in lines if line.get("level") == "WARNING"] == [ORDER_ID] * 3


def execution_ended(*names: str, status: str = "ABORTED", received: int = 1) -> dict[str, Any]:
    return {
        "Records": [
            {
                "messageId": name,
                "eventSource": "aws:sqs",
                "attributes": {"ApproximateReceiveCount": str(received)},
                "body": json.dumps({"source": "aws.states", "detail": {"name": name, "status": status}}),
            }
            for name in names
        ]
    }


@pytest.mark.parametrize(("ended", "closed"), [("ABORTED", "FAILED"), ("FAILED", "FAILED"), ("TIMED_OUT", "TIMED_OUT")])
def test_an_execution_that_ended_from_outside_closes_its_order(world: World, ended: str, closed: str) -> None:
    world.holding(ACCEPTED)
    answered = close_order.handler(execution_ended(ORDER_ID, status=ended), FakeLambdaContext())
    assert answered == {"batchItemFailures": []}
    assert world.orders.get(ORDER_ID).status == closed


def test_of_several_orders_only_those_that_could_not_be_closed_come_again(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.CRITICAL)
    world.holding(ACCEPTED)
    answered = close_order.handler(execution_ended("unknown", ORDER_ID), FakeLambdaContext())
    assert answered == {"batchItemFailures": [{"itemIdentifier": "unknown"}]}
    assert world.orders.get(ORDER_ID).status is Status.FAILED


def test_the_api_logs_its_route_and_neither_body_nor_token(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    world.holding(PLACED)
    event = {
        "httpMethod": "GET",
        "path": f"/orders/{ORDER_ID}",
        "resource": "/orders/{order_id}",
        "headers": {"Authorization": "Bearer alice"},
        "requestContext": {},
        "body": None,
    }
    assert api.handler(event, FakeLambdaContext())["statusCode"] == 200
    [line] = logged(capsys)
    assert (line["correlation_id"], line["route"], line["code"]) == (ORDER_ID, "/orders/{order_id}", 200)
    assert "Bearer" not in json.dumps(line)


def test_the_api_logs_the_order_id_of_a_call_that_it_refuses_too(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    event = {
        "httpMethod": "POST",
        "path": "/orders/order-9/accept",
        "resource": "/orders/{order_id}/accept",
        "pathParameters": {"order_id": "order-9"},
        "headers": {"Authorization": "Bearer roma"},
        "requestContext": {},
        "body": None,
    }
    assert api.handler(event, FakeLambdaContext())["statusCode"] == 404
    [line] = logged(capsys)
    assert line["correlation_id"] == "order-9"
