"""What the workflow does when a step fails: for a while, and for good."""

from typing import Any

import pytest

from tests.workflow.conftest import OrderWorkflow, Run

pytestmark = pytest.mark.engine

TWICE: list[Any] = ["fails", "fails", {}]
FOR_GOOD: list[Any] = ["fails"]
FAILURE = ["Fail order", "Notify user of failure", "Order failed"]
# step -> what brings the order to it
STEPS: dict[str, dict[str, Any]] = {
    "place_order": {},
    "notify_restaurant": {},
    "accept_order": {"decision": "accepted", "completion": "completed"},
    "complete_order": {"decision": "accepted", "completion": "completed"},
    "reject_order": {"decision": "rejected"},
    "cancel_order": {"decision": "cancelled"},
    "expire_order": {"hasty": True},
    "time_out_order": {"hasty": True, "decision": "accepted"},
}


def start(order_workflow: OrderWorkflow, step: str, outcomes: list[Any]) -> Run:
    usual = {"expire_order": {"decision": "expired"}, "time_out_order": {"completion": "timed_out"}}
    told = [usual.get(step, {}) if outcome == {} else outcome for outcome in outcomes]
    return order_workflow.start({step: told}, **STEPS[step])


@pytest.mark.parametrize("step", STEPS)
def test_a_step_that_fails_twice_is_tried_again_and_the_order_goes_on(order_workflow: OrderWorkflow, step: str) -> None:
    run = start(order_workflow, step, TWICE)
    if step in ("place_order", "notify_restaurant"):
        run.wake_up("decision", "rejected")
    status, states = run.result()
    assert status == "SUCCEEDED"
    assert "Fail order" not in states
    assert run.calls(step) == 3


@pytest.mark.parametrize("step", STEPS)
def test_a_step_that_fails_for_good_fails_the_order_and_its_user_is_told(
    order_workflow: OrderWorkflow, step: str
) -> None:
    run = start(order_workflow, step, FOR_GOOD)
    status, states = run.result()
    assert (status, states[-3:]) == ("FAILED", FAILURE)
    assert run.calls(step) == 6  # one try and five more
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
    """Its status-change event then has close_order close the order."""
    status, states = order_workflow.start({"place_order": FOR_GOOD, "fail_order": FOR_GOOD}).result()
    assert (status, states[-2:]) == ("FAILED", ["Fail order", "Order failed"])
