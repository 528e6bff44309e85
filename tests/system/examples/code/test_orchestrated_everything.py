"""Orchestrating everything: the steps return their events, and the workflow is that of orders with calls added."""

import importlib
import json
from typing import Any

import pytest

from contexts.analytics import consumed_events as analytics
from contexts.orders.domain.lifecycle import Decision, Status
from contexts.orders.published_events import SOURCE, Event
from contexts.orders.settings import Settings
from contexts.promotions import consumed_events as promotions
from examples.orchestrated_everything import task
from examples.orchestrated_everything.bootstrap import HandedOn, Orchestrated
from examples.orchestrated_everything.infrastructure.neighbours import FUNCTIONS
from examples.orchestrated_everything.records import records
from shared import schema_tools
from shared.asl.graph import END, StateMachine
from takeaway.check.templates.workflow import tasks
from takeaway.paths import REPOSITORY
from tests.fakes.lambda_context import FakeLambdaContext
from tests.fakes.orders import NOON, ORDER_ID, World, draft

ORDERS = json.loads((REPOSITORY / "contexts/orders/workflow/order.asl.json").read_text())
EVERYTHING = json.loads((REPOSITORY / "examples/orchestrated_everything/workflow/everything.asl.json").read_text())
PLACED = draft().become(Status.PLACED, NOON)
COMPLETED = PLACED.decide(Decision.ACCEPTED).become(Status.ACCEPTED, NOON).deliver()
HANDED_ON = ("ResultSelector", "ResultPath")  # fields by which a step's answer keeps its records
ADDED = set(EVERYTHING["States"]) - set(ORDERS["States"])


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    world = World()
    world.events = HandedOn()  # type: ignore[assignment]
    monkeypatch.setattr(task, "orchestrated", lambda: world)
    return world


def run(step: str) -> Any:
    handler = importlib.import_module(f"examples.orchestrated_everything.handlers.{step}").handler
    return handler({"order_id": ORDER_ID}, FakeLambdaContext())


def test_a_step_answers_with_records_that_the_neighbours_functions_can_read(world: World) -> None:
    world.holding(COMPLETED)
    answered = run("complete_order")
    [record] = answered["records"]
    assert (answered["status"], answered["completion"]) == ("COMPLETED", "completed")
    assert promotions.OrderCompleted.model_validate_json(record["body"]).order().order_id == ORDER_ID
    assert analytics.read(record["body"]).record()["event_id"] == record["messageId"]


@pytest.mark.parametrize("event_type", schema_tools.event_types(SOURCE))
def test_every_event_can_be_handed_on_as_a_record(event_type: str) -> None:
    example = schema_tools.example(event_type)
    [record] = records([Event(event_type, example["detail"])])
    assert {key: json.loads(record["body"])[key] for key in ("source", "detail-type", "detail")} == {
        "source": SOURCE, "detail-type": event_type, "detail": example["detail"],
    }  # fmt: skip


def test_what_would_break_a_neighbour_is_not_handed_on() -> None:
    example = schema_tools.example("order_completed")["detail"]
    breaking = {**example, "metadata": {**example["metadata"], "schema_version": 2, "breaks": 1}}
    assert len(records([Event("order_completed", breaking), Event("order_completed", example)])) == 1


def test_what_a_call_that_failed_has_left_behind_is_not_handed_on_by_the_next(world: World) -> None:
    world.holding(PLACED)
    world.restaurants.failures = 1
    with pytest.raises(Exception, match=ORDER_ID):
        run("notify_restaurant")
    world.holding(PLACED.decide(Decision.REJECTED))
    assert [json.loads(record["body"])["detail-type"] for record in run("reject_order")["records"]] == [
        "order_rejected"
    ]


def test_the_composition_root_has_no_bus() -> None:
    assert isinstance(Orchestrated(Settings({})).events, HandedOn)


def around(name: str) -> str:
    """Return the first state of orders after the calls of neighbours, when all goes well."""
    while name in ADDED:
        state = EVERYTHING["States"][name]
        name = state.get("Next") or state.get("Default") or END
    return name


@pytest.mark.parametrize("name", ORDERS["States"])
def test_without_the_calls_of_neighbours_the_workflow_is_that_of_orders(name: str) -> None:
    theirs, ours = ORDERS["States"][name], EVERYTHING["States"][name]
    same = {key: value for key, value in theirs.items() if key not in ("Next", "End", *HANDED_ON)}
    assert {key: ours.get(key) for key in same} == same
    if "Next" in theirs:
        assert around(ours["Next"]) == theirs["Next"]
    if "End" in theirs:
        assert around(ours.get("Next", END)) in (END, "Order closed")


def test_after_every_step_that_publishes_the_lake_is_called() -> None:
    called = {name for name in ADDED if name.startswith("Ingest ")}
    steps = {name for name, state in EVERYTHING["States"].items() if state.get("Next") in called}
    without_event = {"Skip notification", "Skip notification of failure"}
    functions = {
        name for name, state in tasks(EVERYTHING).items() if "lambda:invoke" in state["Resource"]
    } - {*ADDED}  # fmt: skip
    assert steps == functions - without_event


def test_a_call_of_a_neighbour_that_fails_for_good_fails_no_order() -> None:
    machine = StateMachine.parse(json.dumps(EVERYTHING))
    for name in ADDED:
        for way in machine.transitions(name):
            assert way.target != "Fail order"


def test_every_neighbour_is_named_once_for_all_its_calls() -> None:
    named = {
        state["Parameters"]["FunctionName"].strip("${}")
        for name, state in EVERYTHING["States"].items()
        if name in ADDED and state["Type"] == "Task"
    }
    assert named == set(FUNCTIONS)
