"""The drawing of a workflow with an order's way on it: what is marked, what never moves, and what can't act."""

import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from takeaway.run.client.workflow import Step, steps_of
from takeaway.run.console.picture import conditions_of, drawn, marked

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
DEFINITION = json.dumps(
    {
        "StartAt": "Ask",
        "States": {
            "Ask": {"Type": "Task", "Resource": "r", "Next": "Ok?", "Catch": [{"ErrorEquals": ["X"], "Next": "No"}]},
            "Ok?": {"Type": "Choice", "Choices": [{"Variable": "$.a", "StringEquals": "yes", "Next": "<Do> & go"}]},
            "<Do> & go": {"Type": "Task", "Resource": "r", "End": True},
            "No": {"Type": "Fail"},
        },
    }
)


def at(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def test_the_layout_is_the_same_wherever_an_order_is() -> None:
    before, after = marked(DEFINITION, []), marked(DEFINITION, [Step(at(0), "Ask", left=at(1)), Step(at(1), "No")])
    shapes = re.compile(r'(?:points|d|viewBox)="[^"]*"')
    assert shapes.findall(before) == shapes.findall(after)


def test_states_are_marked_by_what_became_of_them() -> None:
    done = Step(at(0), "Ask", left=at(1), tries=1)
    retried = done._replace(tries=3, errors=("RuntimeError", "RuntimeError"))
    assert conditions_of([done]) == {"Ask": "done"}
    assert conditions_of([retried, Step(at(1), "Ok?")]) == {"Ask": "retried", "Ok?": "now"}
    given_up = retried._replace(tries=2)
    assert conditions_of([given_up, Step(at(1), "No")]) == {"Ask": "failed", "No": "now"}
    failed = Step(at(2), "ExecutionFailed", is_end=True)
    assert conditions_of([done, Step(at(1), "No"), failed]) == {"Ask": "done", "No": "failed"}
    ended = Step(at(2), "ExecutionSucceeded", is_end=True)
    assert conditions_of([done, ended]) == {"Ask": "done", "": "done"}


def test_the_way_that_was_taken_is_marked_and_no_other() -> None:
    picture = marked(DEFINITION, [Step(at(0), "Ask", left=at(1)), Step(at(1), "No")])
    taken = re.findall(r'class="[^"]*taken[^"]*" data-from="([^"]*)" data-to="([^"]*)"', picture)
    assert taken == [("Ask", "No")]


def test_names_are_text_and_the_way_is_told_in_words_too() -> None:
    picture = marked(DEFINITION, [Step(at(0), "Ask", left=at(1)), Step(at(1), "<Do> & go")])
    assert "<Do>" not in picture
    assert "&lt;Do&gt; &amp; go" in picture
    assert 'aria-label="The workflow. Its way so far: Ask, &lt;Do&gt; &amp; go."' in picture
    assert " style=" not in picture, "the page's policy would refuse it"
    assert drawn(DEFINITION) is drawn(DEFINITION), "Graphviz draws it once"


def event(number: int, kind: str, seconds: float, previous: int | None = None, **details: Any) -> dict[str, Any]:
    after = {} if previous is None else {"previousEventId": previous}
    return {"id": number, "type": kind, "timestamp": at(seconds), **after, **details}


def entered(number: int, name: str, seconds: float, previous: int | None = None) -> dict[str, Any]:
    return event(number, "TaskStateEntered", seconds, previous, stateEnteredEventDetails={"name": name})


def test_a_history_tells_of_each_state_how_often_it_was_tried_and_what_went_wrong() -> None:
    wrong = {"error": "RuntimeError", "cause": "no"}
    steps = steps_of(
        [
            event(1, "ExecutionStarted", 0),
            entered(2, "Ask", 0),
            event(3, "TaskScheduled", 0),
            event(4, "TaskFailed", 1, taskFailedEventDetails=wrong),
            event(5, "TaskScheduled", 2),
            event(6, "TaskSucceeded", 3),
            event(7, "TaskStateExited", 3),
            entered(8, "Do", 3),
            event(9, "ExecutionAborted", 4),
        ]
    )
    assert steps == [
        Step(at(0), "Ask", left=at(3), tries=2, errors=("RuntimeError",)),
        Step(at(3), "Do"),
        Step(at(4), "ExecutionAborted", is_end=True),
    ]


@pytest.mark.parametrize("ends_first", [2, 3])
def test_of_branches_that_run_at_once_each_keeps_its_own(ends_first: int) -> None:
    """The history is like AWS's: each event names the one before it in its branch."""
    other = 5 - ends_first
    steps = steps_of(
        [
            event(1, "ExecutionStarted", 0, 0),
            entered(2, "Left", 0, 1),
            entered(3, "Right", 0, 1),
            event(4, "TaskStateExited", 1, ends_first),
            event(5, "TaskStateExited", 2, other),
        ]
    )
    left = {step.name: step.left for step in steps}
    assert left == {"Left": at(1 if ends_first == 2 else 2), "Right": at(2 if ends_first == 2 else 1)}
