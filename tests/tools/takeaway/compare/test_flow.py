"""The flow of an order is read from templates and from the file of a workflow, and drawn."""

import json
from itertools import pairwise
from typing import Any

from shared.asl.graph import END, StateMachine
from takeaway.check.templates.stack import Stack
from takeaway.check.templates.workflow import workflows
from takeaway.drawing.graph import Arrow, Box
from takeaway.drawing.mermaid import mermaid
from takeaway.drawing.svg import svg
from takeaway.drawing.workflow import graph
from takeaway.study.compare.flow import from_templates, places
from tests.tools.takeaway.compare.drawings import drawn

INVOKE = "arn:aws:states:::lambda:invoke"
DEFINITION: dict[str, Any] = {
    "StartAt": "Place",
    "States": {
        "Place": {"Type": "Task", "Resource": INVOKE, "Parameters": {"FunctionName": "${place}"}, "Next": "Wait"},
        "Wait": {
            "Type": "Task",
            "Resource": "arn:aws:states:::aws-sdk:dynamodb:updateItem.waitForTaskToken",
            "TimeoutSeconds": 600,
            "Catch": [{"ErrorEquals": ["States.Timeout"], "Next": "Expire"}],
            "End": True,
        },
        "Expire": {"Type": "Fail"},
    },
}


def stack(name: str, **resources: tuple[str, dict[str, Any]]) -> Stack:
    made = {id_: {"Type": kind, "Properties": properties} for id_, (kind, properties) in resources.items()}
    return Stack(name, f"takeaway-dev-{name}", {"Resources": made})


def function(name: str) -> tuple[str, dict[str, Any]]:
    return "AWS::Lambda::Function", {"Handler": f"contexts.x.handlers.{name}.handler", "Role": {"Ref": "Role"}}


def heard(queue: str, event_type: str) -> dict[str, tuple[str, dict[str, Any]]]:
    """Return a rule on the bus, its queue, and the function `Function` that reads the queue."""
    arn = {"Fn::GetAtt": ["Queue", "Arn"]}
    pattern = {"source": ["takeaway.orders"], "detail-type": [event_type]}
    return {
        "Rule": ("AWS::Events::Rule", {"EventBusName": "b", "EventPattern": pattern, "Targets": [{"Arn": arn}]}),
        "Queue": ("AWS::SQS::Queue", {"QueueName": f"takeaway-dev-{queue}"}),
        "Reads": ("AWS::Lambda::EventSourceMapping", {"EventSourceArn": arn, "FunctionName": {"Ref": "Function"}}),
    }


def may(action: str) -> tuple[str, dict[str, Any]]:
    statement = {"Effect": "Allow", "Action": action, "Resource": "*"}
    return "AWS::IAM::Policy", {"Roles": [{"Ref": "Role"}], "PolicyDocument": {"Statement": [statement]}}


def stacks(orders: Stack) -> dict[str, Stack]:
    neighbour = stack("promotions", Function=function("issue_voucher"), **heard("promotions-q", "order_completed"))
    return {"orders": orders, "promotions": neighbour, "analytics": stack("analytics")}


def arrows_of(orders: Stack) -> set[tuple[str, str, str]]:
    return {(arrow.source, arrow.target, arrow.text) for arrow in from_templates(stacks(orders))[1]}


CHOREOGRAPHED = stack(
    "orders", Function=function("notify_user"), May=may("events:PutEvents"), **heard("orders-q", "order_accepted")
)
ORCHESTRATED = stack(
    "orders",
    Function=function("place_order"),
    Machine=(
        "AWS::StepFunctions::StateMachine",
        {"DefinitionString": json.dumps(DEFINITION), "DefinitionSubstitutions": {"place": {"Ref": "Function"}}},
    ),
)


def test_rules_queues_and_permissions_become_arrows() -> None:
    assert arrows_of(CHOREOGRAPHED) == {
        ("notify-user", "bus", "any event"),
        ("bus", "queue orders-q", "order_accepted"),
        ("queue orders-q", "notify-user", ""),
        ("bus", "queue promotions-q", "order_completed"),
        ("queue promotions-q", "issue-voucher", ""),
    }


def test_where_nobody_publishes_events_never_come() -> None:
    assert ("bus", "queue promotions-q", "order_completed: never comes") in arrows_of(ORCHESTRATED)
    assert ("workflow", "place-order", "invokes") in arrows_of(ORCHESTRATED)


def test_without_a_file_one_reads_every_rule_and_whoever_publishes() -> None:
    assert places(stacks(ORCHESTRATED)) == {"file": 1}
    assert places(stacks(CHOREOGRAPHED)) == {"rules": 1, "functions that publish": 1}


def test_a_file_has_its_states_and_the_ways_between_them() -> None:
    [machine] = workflows(ORCHESTRATED)
    boxes, arrows = graph(StateMachine.of(machine.definition))
    assert [(box.text, box.kind, box.detail) for box in boxes] == [
        ("Place", "step", ""), ("Wait", "wait", "callback within 10 min"), ("Expire", "fail", ""), ("end", "done", ""),
    ]  # fmt: skip
    assert [(arrow.source, arrow.target, arrow.text, arrow.is_main) for arrow in arrows] == [
        ("Place", "Wait", "", True), ("Wait", END, "", True), ("Wait", "Expire", "timeout", False),
    ]  # fmt: skip


def test_a_graph_as_mermaid_has_a_line_for_each_box_and_arrow() -> None:
    source = mermaid(from_templates(stacks(CHOREOGRAPHED)))
    assert source.splitlines()[0] == "flowchart LR"
    assert '-->|"order_accepted"|' in source
    assert len(source.splitlines()) == 1 + 5 + 5


def test_in_a_drawing_nothing_lies_on_another_and_who_follows_stands_behind() -> None:
    boxes, arrows = from_templates(stacks(CHOREOGRAPHED))
    found = drawn((boxes, [*arrows, Arrow(source="issue-voucher", target="bus")]))  # a cycle must not loop for ever
    assert found.covered == []
    bus, queue, function = (found.boxes[id_] for id_ in ("bus", "queue promotions-q", "issue-voucher"))
    assert (bus.y < queue.y < function.y) or (bus.x < queue.x < function.x)


def test_a_long_chain_goes_down_and_many_side_by_side_stand_in_a_column() -> None:
    names = [f"something to be done {number}" for number in range(12)]
    boxes = [Box(id=name, text=name) for name in names]
    chain = [Arrow(source=one, target=other) for one, other in pairwise(names)]
    fan = [Arrow(source=names[0], target=name, text="calls") for name in names[1:]]
    assert drawn((boxes, chain)).width < 200
    beside = drawn((boxes, fan))
    assert beside.width < 500
    assert beside.covered == []


def test_an_arrow_goes_around_the_boxes_between_its_ends() -> None:
    boxes = [Box(id=name, text=name * 20) for name in "abc"]
    found = drawn((boxes, [Arrow(source=s, target=t) for s, t in ("ab", "bc", "ac")]))
    b = found.boxes["b"]
    assert not [point for point in found.curves["a->c"] if b.has(point)]


def test_of_many_calls_it_is_said_how_many_and_what_is_said_twice_once() -> None:
    boxes = [Box(id=name, text=name) for name in "abc"]
    many = [Arrow(source="a", target="b", text=f"call {number}") for number in range(3)]
    twice = [Arrow(source="b", target="c", text="hears")] * 2
    assert [lines for _, lines in drawn((boxes, [*many, *twice])).said] == [["3 calls"], ["hears"]]


def test_what_is_written_in_a_drawing_is_text() -> None:
    box = Box(id="a", text="<script> \\N")
    found = svg(([box], []), "<b>")
    assert "<script>" not in found
    assert "&lt;script&gt; \\N<" in found
    assert "&lt;b&gt;" in found
