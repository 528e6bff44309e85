"""Every way through the workflow: which states it enters, and how it ends."""

import pytest

from tests.workflow.conftest import OrderWorkflow

pytestmark = pytest.mark.engine

TO_DECISION = ["Place order", "Notify restaurant", "Await restaurant decision"]
TO_COMPLETION = [*TO_DECISION, "Decision?", "Accept order", "Notify user", "Await completion"]


def test_a_completed_order_takes_eight_transitions(order_workflow: OrderWorkflow) -> None:
    run = order_workflow.start().wake_up("decision", "accepted").wake_up("completion", "completed")
    assert run.result() == ("SUCCEEDED", [*TO_COMPLETION, "Complete order"])
    assert len(run.result()[1]) == 8


@pytest.mark.parametrize(("decision", "state"), [("rejected", "Reject order"), ("cancelled", "Cancel order")])
def test_a_decision_against_the_order_ends_it_and_the_user_is_told(
    order_workflow: OrderWorkflow, decision: str, state: str
) -> None:
    run = order_workflow.start().wake_up("decision", decision)
    assert run.result() == ("SUCCEEDED", [*TO_DECISION, "Decision?", state, "Notify user of outcome"])


def test_an_order_that_nobody_answers_expires(order_workflow: OrderWorkflow) -> None:
    run = order_workflow.start(hasty=True)
    assert run.result() == ("SUCCEEDED", [*TO_DECISION, "Expire order", "Decision?", "Notify user of outcome"])


def test_a_decision_in_the_moment_of_the_timeout_is_carried_out(order_workflow: OrderWorkflow) -> None:
    run = order_workflow.start({"expire_order": [{"decision": "rejected"}]}, hasty=True)
    states = [*TO_DECISION, "Expire order", "Decision?", "Reject order", "Notify user of outcome"]
    assert run.result() == ("SUCCEEDED", states)


@pytest.mark.parametrize(
    ("decision", "state"),
    [("accepted", "Accept order"), ("rejected", "Reject order"), ("cancelled", "Cancel order")],
)
def test_a_decision_that_came_before_the_token_is_read_from_the_order(
    order_workflow: OrderWorkflow, decision: str, state: str
) -> None:
    run = order_workflow.start(decision=decision, completion="completed")
    status, states = run.result()
    assert status == "SUCCEEDED"
    assert states[:6] == [*TO_DECISION, "Read decision", "Decision?", state]
    assert "decision_token" not in run.item()


def test_a_completion_that_came_before_the_token_is_carried_out(order_workflow: OrderWorkflow) -> None:
    run = order_workflow.start(completion="completed").wake_up("decision", "accepted")
    assert run.result() == ("SUCCEEDED", [*TO_COMPLETION, "Complete order"])
    assert "completion_token" not in run.item()


def test_an_order_that_is_not_completed_in_time_times_out(order_workflow: OrderWorkflow) -> None:
    run = order_workflow.start(hasty=True, decision="accepted")
    status, states = run.result()
    assert status == "SUCCEEDED"
    assert states[-4:] == ["Await completion", "Time out order", "Completed after all?", "Notify user of outcome"]


def test_a_completion_in_the_moment_of_the_deadline_is_carried_out(order_workflow: OrderWorkflow) -> None:
    run = order_workflow.start({"time_out_order": [{"completion": "completed"}]}, hasty=True, decision="accepted")
    status, states = run.result()
    assert status == "SUCCEEDED"
    assert states[-3:] == ["Time out order", "Completed after all?", "Complete order"]


def test_an_unknown_decision_fails_the_order_instead_of_losing_it(order_workflow: OrderWorkflow) -> None:
    run = order_workflow.start(decision="perhaps")
    status, states = run.result()
    assert (status, states[-3:]) == ("FAILED", ["Fail order", "Notify user of failure", "Order failed"])
