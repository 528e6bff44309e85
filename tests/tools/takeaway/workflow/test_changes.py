"""A change of the workflow that open executions would not survive is refused; a harmless one passes."""

import copy
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from takeaway.check.workflow.changes import Carrier, Change, compare
from takeaway.check.workflow.executions import Open, coming_to
from takeaway.facts import Facts, Step, facts_of
from takeaway.paths import REPOSITORY

BEFORE: dict[str, Any] = json.loads((REPOSITORY / "contexts/orders/workflow/order.asl.json").read_text())
WAIT, READ, CHOICE = "Await restaurant decision", "Read decision", "Decision?"
States = dict[str, Any]


def facts(*, without: str = "", answering: tuple[str, str] | None = None, **steps: Step) -> Facts:
    """Return the facts of orders with a step removed or added, or with another value among a step's answers."""
    found = facts_of("orders")
    changed = {name: step for name, step in {**found.steps, **steps}.items() if name != without}
    ways = dict(found.ways)
    if answering:
        field, value = answering
        way = ways["completed"]
        answers = {
            **way.answers,
            "expire_order": [{"status": "PLACED", "decision": None, "completion": None, field: value}],
        }
        ways["another"] = way.model_copy(update={"answers": answers})
    return found.model_copy(update={"steps": changed, "ways": ways})


def after(edit: Callable[[States], object], said: Facts | None = None) -> list[Change]:
    definition = copy.deepcopy(BEFORE)
    edit(definition["States"])
    return compare(BEFORE, Carrier.of(definition, said or facts()))


def parameters(states: States, state: str, **changed: Any) -> None:
    states[state]["Parameters"].update(changed)


def renamed(states: States) -> None:
    """Rename the step "accept order" to "confirm order"."""
    state = states["Confirm order"] = states.pop("Accept order")
    state["Parameters"] = {**state["Parameters"], "FunctionName": "${confirm_order}"}
    states[CHOICE]["Choices"][0]["Next"] = "Confirm order"


def another_decision(states: States) -> None:
    rule = {"Variable": "$.outcome.decision", "StringEquals": "escalated", "Next": "Reject order"}
    states[CHOICE]["Choices"].append(rule)


NEW = Step(states=("Confirm order",))
RETIRED = Step(states=())


@pytest.mark.parametrize(
    ("edit", "said", "state", "what"),
    [
        (
            renamed,
            facts(without="accept_order", confirm_order=NEW),
            "Accept order",
            "calls accept_order, which is gone",
        ),
        (lambda _: None, facts(without="complete_order"), "Complete order", "calls complete_order, which is gone"),
        (
            lambda states: parameters(states, "Accept order", Payload={"order_id.$": "$.order_id", "note.$": "$.note"}),
            facts(),
            "Accept order",
            "calls accept_order without `note`",
        ),
        (
            lambda states: parameters(states, WAIT, UpdateExpression="SET answer_token = :token"),
            facts(),
            WAIT,
            "has its token in `decision_token`, where nobody looks any more",
        ),
        (
            lambda states: parameters(states, WAIT, ConditionExpression="attribute_not_exists(answer)"),
            facts(),
            WAIT,
            "waits unless there is `decision` and `order_id`",
        ),
        (
            lambda states: states[WAIT].update(ResultSelector={"decision.$": "$.answer"}),
            facts(),
            WAIT,
            "takes another part of what wakes it up",
        ),
        (
            lambda states: parameters(states, READ, ProjectionExpression="answer"),
            facts(),
            READ,
            "asks dynamodb:getItem for something else",
        ),
        (lambda states: states.pop(READ), facts(), READ, "asks for dynamodb:getItem"),
        (another_decision, facts(answering=("decision", "escalated")), CHOICE, "does not know `escalated` of decision"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_breaks_open_executions_is_refused_with_the_way_to_do_it(
    edit: Callable[[States], object], said: Facts, state: str, what: str
) -> None:
    breaking = [change for change in after(edit, said) if change.breaks]
    assert [(change.state, change.what.startswith(what)) for change in breaking] == [(state, True)]
    assert breaking[0].way


@pytest.mark.parametrize(
    ("edit", "said", "what"),
    [
        (lambda states: states[WAIT].update(TimeoutSeconds=300), facts(), "TimeoutSeconds 600 → 300"),
        (lambda states: states["Place order"].update(Comment="another"), facts(), ""),
        (lambda states: states["Place order"]["Retry"][0].update(MaxAttempts=3), facts(), "Retry is another"),
        (
            lambda states: states.update({"Check fraud": {**states["Accept order"], "Next": "Accept order"}}),
            facts(),
            "is new: no open execution enters it",
        ),
        (renamed, facts(confirm_order=NEW, accept_order=RETIRED), "is gone: open executions go there all the same"),
        (another_decision, facts(), "knows `escalated` of decision, which nothing answers yet"),
    ],
    ids=["a timeout", "a comment", "a retry", "a state", "a renamed step, the old one kept", "a value before its time"],
)
def test_what_open_executions_do_not_notice_passes_and_is_told(
    edit: Callable[[States], object], said: Facts, what: str
) -> None:
    found = after(edit, said)
    assert not [change for change in found if change.breaks]
    assert bool(what) == bool(found)
    assert any(what in change.what for change in found) or not found


def test_a_function_that_is_kept_for_nobody_is_asked_to_go() -> None:
    found = after(lambda _: None, facts(retired_long_ago=RETIRED))
    assert [(change.state, change.breaks) for change in found] == [("retired_long_ago", False)]
    assert "take it out" in found[0].what


def test_only_orders_that_may_still_come_to_a_state_are_hit_by_its_change() -> None:
    now = datetime.now(UTC)
    waiting, cooking, beginning = (Open(state, state, now) for state in (WAIT, "Await completion", ""))
    hit = coming_to([waiting, cooking, beginning], BEFORE, "Accept order")
    assert [each.order_id for each in hit] == [WAIT, ""]
