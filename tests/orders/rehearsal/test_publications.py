"""The publishers that are found by walking the workflow match the code's own declarations."""

import json
from dataclasses import replace
from typing import Any

import pytest
from aws_cdk.assertions import Template

from contexts.orders.application.ports import Ports
from contexts.orders.domain.lifecycle import change_to
from contexts.orders.domain.order import Order
from contexts.orders.published_events import SOURCE
from contexts.orders.rehearsal.execution import BESIDE_THE_WORKFLOW
from contexts.orders.rehearsal.facts import DEFINITION
from contexts.orders.rehearsal.journey import go
from contexts.orders.rehearsal.publications import Publisher, causes, publishers
from contexts.orders.rehearsal.walk import Walk, drafts
from contexts.orders.rehearsal.ways import ways
from contexts.orders.workflow.steps import STEPS, Step
from shared import schema_tools
from shared.asl import data as asl
from shared.asl.graph import StateMachine, tasks
from takeaway.check.templates.stack import Stack
from takeaway.check.templates.values import logical_id

WORKFLOW = DEFINITION.read_text(encoding="utf-8")
MACHINE = StateMachine.parse(WORKFLOW)
# Ends of an execution from outside, by the status that its order had.
CLOSING = {"order_failed", "order_timed_out", "order_completed", "order_rejected", "order_cancelled", "user_notified"}


def recorded_by(step: Step) -> set[str]:
    """Return the events that the registry of steps implies: of the status that a step takes, or of whom it tells."""
    told = {"restaurant": {"restaurant_notified"}, "customer": {"user_notified"}, None: set[str]()}
    return {str(change_to(step.takes).type)} if step.takes else told[step.tells]


# The final statuses that the workflow tells the user of: those of the ways that enter that state.
OUTCOMES = sorted({go(way, MACHINE).order.status.lower() for way in ways() if "Notify user of outcome" in way.states})
CLOSED = {"data.reason", "data.stage"}  # fields with a closed list of values


def found(definition: str = WORKFLOW) -> list[Publisher]:
    return publishers(walked(definition).runs)


def walked(definition: str = WORKFLOW) -> Walk:
    return Walk(StateMachine.parse(definition), drafts())


def changed(state: str, **properties: Any) -> str:
    definition = json.loads(WORKFLOW)
    definition["States"][state] |= properties
    return json.dumps(definition)


def one(places: list[Publisher], event_type: str, state: str | None) -> Publisher:
    [place] = [each for each in places if (each.event_type, each.state) == (event_type, state)]
    return place


def may_put_events(stack: Stack) -> set[str]:
    """Return the handlers of a stack's functions whose role may put events."""
    roles = {
        logical_id(role)
        for policy in stack.of("AWS::IAM::Policy").values()
        for statement in policy["PolicyDocument"]["Statement"]
        if "events:PutEvents" in statement["Action"]
        for role in policy["Roles"]
    }
    return {function.name for function in stack.functions.values() if function.roles & roles}


def test_each_state_records_and_publishes_what_the_article_says() -> None:
    recorded: dict[str | None, set[str]] = {}
    for place in found():
        if place.records:
            recorded.setdefault(place.state, set()).add(place.event_type)
    states = {state: name for state, task in tasks(json.loads(WORKFLOW)).items() for name in STEPS if _runs(task, name)}
    expected = {state: recorded_by(STEPS[name]) for state, name in states.items() if recorded_by(STEPS[name])}
    assert recorded == {**expected, None: CLOSING}


def _runs(task: dict[str, Any], name: str) -> bool:
    return bool(task.get("Parameters", {}).get("FunctionName") == f"${{{name}}}")


def test_every_function_that_may_publish_does_and_no_other(template: Template) -> None:
    retired = {step.name for step in STEPS.values() if step.retired}  # open executions still call them
    assert {place.function for place in found()} | retired == may_put_events(
        Stack("orders", "takeaway-dev-orders", template.to_json())
    )


def test_a_failure_and_a_closing_publish_again_whatever_was_recorded() -> None:
    for state in ("Fail order", None):
        assert {place.event_type for place in found() if place.state == state} == set(schema_tools.event_types(SOURCE))


def test_a_skipped_notification_publishes_only_what_another_state_recorded() -> None:
    for state in ("Skip notification", "Skip notification of failure"):
        [place] = [each for each in found() if each.state == state]
        assert (place.event_type, place.records) == ("user_notified", False)


@pytest.mark.parametrize(
    ("event_type", "state", "says"),
    [
        ("user_notified", "Notify user", {"data.reason": ["accepted"]}),
        ("user_notified", "Notify user of outcome", {"data.reason": OUTCOMES}),
        ("order_failed", "Fail order", {"data.stage": ["ACCEPTED", "PLACED", "RECEIVED"]}),
        ("order_placed", "Place order", {}),
    ],
)
def test_a_place_is_known_by_what_it_says(event_type: str, state: str, says: dict[str, Any]) -> None:
    said = one(found(), event_type, state).says
    assert {path: values for path, values in said.items() if path in CLOSED} == says


def test_an_event_follows_those_that_its_causation_id_names() -> None:
    followed = causes(walked().runs)
    assert followed["order_placed"] == [None]
    assert followed["order_completed"] == ["order_accepted"]
    assert followed["order_failed"] == [None, "order_accepted", "order_placed", "restaurant_notified"]
    assert "order_completed" not in followed["user_notified"]


def test_another_function_behind_a_state_changes_what_it_publishes() -> None:
    parameters = {"FunctionName": "${reject_order}", "Payload": {"order_id.$": "$.order_id"}}
    places = found(changed("Cancel order", Parameters=parameters))
    assert "Cancel order" not in {place.state for place in places if place.records}


def test_a_state_that_is_never_reached_publishes_nothing() -> None:
    places = found(changed("Accept order", Next="Await completion"))
    assert not [place for place in places if place.state == "Notify user"]


def test_a_step_that_publishes_nothing_is_not_among_them(monkeypatch: pytest.MonkeyPatch) -> None:
    def silent(order_id: str, ports: Ports) -> Order:
        return ports.orders.get(order_id)

    monkeypatch.setitem(STEPS, "notify_restaurant", replace(STEPS["notify_restaurant"], use_case=silent))
    assert "restaurant_notified" not in {place.event_type for place in found()}


def test_what_publishes_beside_the_workflow_is_no_state_of_it() -> None:
    assert not [name for name in BESIDE_THE_WORKFLOW if f"${{{name}}}" in WORKFLOW]


@pytest.mark.parametrize(
    ("state", "properties", "what"),
    [
        ("Decision?", {"Type": "Parallel"}, "Decision\\?: Parallel"),
        ("Decision?", {"Choices": [{"Variable": "$.a", "NumericEquals": 1, "Next": "Fail order"}]}, "NumericEquals"),
        ("Accept order", {"Catch": []}, "no catch"),
        ("Accept order", {"Parameters": {"FunctionName": "arn:aws:lambda:::x"}}, "Accept order: expected"),
        ("Expire order", {"ResultPath": "$.a.b"}, "ResultPath"),
        ("Await completion", {"Parameters": {"ConditionExpression": "a = b"}}, "Await completion: waits without"),
    ],
)
def test_what_the_walk_can_not_follow_is_said_and_not_left_out(
    state: str, properties: dict[str, Any], what: str
) -> None:
    with pytest.raises(asl.NotUnderstood, match=what):
        found(changed(state, **properties))
