"""The picture shows exactly the definition, because a picture that leaves out a way is worse than none."""

import re
from typing import Any

import pytest

from shared.asl.graph import END, StateMachine, condition
from takeaway.drawing.mermaid import flowchart
from takeaway.drawing.workflow import duration
from takeaway.facts import facts_of
from takeaway.paths import REPOSITORY

ORDER_WORKFLOW = StateMachine.parse(
    REPOSITORY.joinpath("contexts/orders/workflow/order.asl.json").read_text(encoding="utf-8")
)
NODE = re.compile(r'^ +(?P<id>\w+)(?P<shape>\W+)"(?P<text>[^"]+)"\W+(?::::(?P<kind>\w+))?$')
ARROW = re.compile(r"(?P<source>\w+)(?:\[.*\]:::note)? (?P<line>==>|-->|-\.).* (?P<target>\w+)$")


def drawn(picture: str) -> tuple[dict[str, str], set[tuple[str, str]]]:
    """Read the names of the boxes by id, and the arrows between names, back from the Mermaid source."""
    boxes = {
        found["id"]: found["text"].split("<br/>")[0].replace("#quot;", '"')
        for line in picture.splitlines()
        if (found := NODE.match(line))
    }
    boxes["done"] = END
    arrows = (ARROW.search(line) for line in picture.splitlines())
    return boxes, {(boxes.get(a["source"], "*"), boxes[a["target"]]) for a in arrows if a}


def machine(**states: dict[str, Any]) -> StateMachine:
    return StateMachine(next(iter(states)), states)


def test_every_state_of_the_order_workflow_is_drawn() -> None:
    boxes, _ = drawn(flowchart(ORDER_WORKFLOW))
    assert set(boxes.values()) - {END} == set(ORDER_WORKFLOW.states)


def test_every_way_of_the_order_workflow_is_drawn_and_no_other() -> None:
    states = ORDER_WORKFLOW.states
    ways = {(way.source, way.target) for name in states for way in ORDER_WORKFLOW.transitions(name)}
    _, arrows = drawn(flowchart(ORDER_WORKFLOW))
    together = {target for source, target in arrows if source == "*"}
    assert together == {"Fail order"}
    assert {way for way in ways if way[1] not in together} == arrows - {("*", target) for target in together}


def test_the_main_path_is_thick_and_comes_first() -> None:
    picture = flowchart(ORDER_WORKFLOW)
    boxes, _ = drawn(picture)
    expected = list(facts_of("orders").ways["completed"].states)
    assert list(boxes.values())[: len(expected)] == expected
    thick = [line.split()[0] for line in picture.splitlines() if "==>" in line]
    assert [boxes[source] for source in thick] == expected


def test_a_waiting_state_shows_how_long_it_waits() -> None:
    waits = {"Type": "Task", "Resource": "arn:aws:states:::x.waitForTaskToken", "TimeoutSeconds": 90, "End": True}
    assert "A<br/>callback within 90 s" in flowchart(machine(A=waits))
    assert "A<br/>2 h" in flowchart(machine(A={"Type": "Wait", "Seconds": 7200, "End": True}))


def test_errors_are_dotted_and_named() -> None:
    catches = [
        {"ErrorEquals": ["States.Timeout"], "Next": "B"},
        {"ErrorEquals": ["DynamoDb.ConditionalCheckFailedException"], "Next": "B"},
        {"ErrorEquals": ["States.ALL"], "Next": "B"},
    ]
    picture = flowchart(machine(A={"Type": "Task", "Catch": catches, "End": True}, B={"Type": "Fail"}))
    for label in ("timeout", "ConditionalCheckFailed", "any error"):
        assert f's0 -. "{label}" .-> s1' in picture


def test_many_error_exits_to_one_state_are_drawn_as_one() -> None:
    step = {"Type": "Task", "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Z"}], "End": True}
    states = {name: step | {"Next": following} for name, following in zip("ABCD", "BCDE", strict=True)}
    for state in states.values():
        del state["End"]
    picture = flowchart(machine(**states, E={"Type": "Succeed"}, Z={"Type": "Fail"}))
    assert picture.count("-.->") == 1
    assert "any step that still fails" in picture


def test_names_with_quotes_cannot_break_the_picture() -> None:
    boxes, _ = drawn(flowchart(machine(**{'Say "hello"': {"Type": "Succeed"}})))
    assert 'Say "hello"' in boxes.values()


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ({"Variable": "$.a", "StringEquals": "yes"}, "yes"),
        ({"Variable": "$.a.b", "NumericGreaterThan": 3}, "a.b NumericGreaterThan 3"),
        ({"Not": {"Variable": "$.a", "IsPresent": True}}, "not a IsPresent true"),
        ({"And": [{"Variable": "$.a", "StringEquals": "x"}, {"Variable": "$.b", "StringEquals": "y"}]}, "x and y"),
    ],
)
def test_a_rule_of_a_choice_reads_like_a_condition(rule: dict[str, Any], text: str) -> None:
    assert condition(rule | {"Next": "B"}) == text


@pytest.mark.parametrize(("seconds", "text"), [(30, "30 s"), (90, "90 s"), (600, "10 min"), (5400, "90 min")])
def test_durations_are_said_as_people_say_them(seconds: int, text: str) -> None:
    assert duration(seconds) == text
