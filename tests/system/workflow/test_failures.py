"""The workflow's answer to a step that fails: for a while, and for good."""

from typing import Any

import pytest

from shared.asl import data as asl
from takeaway.run.deploy.parameters import MOST_RETRIES
from tests.system.workflow.conftest import FACTS, MACHINE, OrderWorkflow

pytestmark = pytest.mark.engine

FOR_GOOD: list[Any] = ["fails"]
FAILURE = ["Fail order", "Notify user of failure", "Order failed"]
# The steps whose failure fails the order; the failure of an e-mail does not.
STEPS = [
    name
    for name, step in FACTS.steps.items()
    if all(asl.caught(MACHINE.states[state], "any") == FAILURE[0] for state in step.states)
]


def way_through(step: str) -> str:
    """Return the first way on which a step is done."""
    return next(name for name, way in FACTS.ways.items() if step in way.answers)


@pytest.mark.parametrize("step", STEPS)
def test_a_step_that_fails_twice_is_tried_again_and_the_order_goes_on(order_workflow: OrderWorkflow, step: str) -> None:
    way = way_through(step)
    run = order_workflow.go(way, {step: ["fails", "fails", *FACTS.ways[way].answers[step]]})
    assert run.result() == ("SUCCEEDED", list(FACTS.ways[way].states))
    assert run.calls(step) == 3


@pytest.mark.parametrize("step", STEPS)
def test_a_step_that_fails_for_good_fails_the_order_and_its_user_is_told(
    order_workflow: OrderWorkflow, step: str
) -> None:
    run = order_workflow.go(way_through(step), {step: FOR_GOOD})
    status, states = run.result()
    assert (status, states[-3:]) == ("FAILED", FAILURE)
    said = max(asl.attempts(MACHINE.states[state]) for state in FACTS.steps[step].states)
    assert run.calls(step) == min(said, 1 + MOST_RETRIES)
    assert run.calls("fail_order") == 1


def test_a_mail_of_confirmation_that_can_not_be_sent_stops_no_order(order_workflow: OrderWorkflow) -> None:
    script = {"notify_user": FOR_GOOD, "skip_notification": [{"status": "ACCEPTED"}]}
    run = order_workflow.start(script, decision="accepted", completion="completed")
    status, states = run.result()
    assert status == "SUCCEEDED"
    assert states[-5:] == [
        "Notify user", "Skip notification", "Notified about what?", "Await completion", "Complete order",
    ]  # fmt: skip


def test_a_mail_of_rejection_that_can_not_be_sent_leaves_the_order_rejected(order_workflow: OrderWorkflow) -> None:
    script = {"notify_user": FOR_GOOD, "skip_notification": [{"status": "REJECTED"}]}
    status, states = order_workflow.start(script, decision="rejected").result()
    assert status == "SUCCEEDED"
    assert states[-3:] == ["Skip notification", "Notified about what?", "Order closed"]


def test_a_mail_of_failure_that_can_not_be_sent_leaves_the_order_failed(order_workflow: OrderWorkflow) -> None:
    script = {"place_order": FOR_GOOD, "notify_user": FOR_GOOD, "skip_notification": FOR_GOOD}
    status, states = order_workflow.start(script).result()
    assert (status, states[-3:]) == (
        "FAILED",
        ["Notify user of failure", "Skip notification of failure", "Order failed"],
    )


def test_an_order_that_can_not_even_fail_ends_its_execution_as_failed(order_workflow: OrderWorkflow) -> None:
    """The event of its failed execution then has close_order close the order."""
    status, states = order_workflow.start({"place_order": FOR_GOOD, "fail_order": FOR_GOOD}).result()
    assert (status, states[-2:]) == ("FAILED", ["Fail order", "Order failed"])
