"""Every way through the workflow: which states it enters (ways.json, from which the docs count), and how it ends."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console
from rich.table import Table

from tests.workflow.conftest import OrderWorkflow, Run

pytestmark = pytest.mark.engine

WAYS: dict[str, list[str]] = json.loads(Path(__file__).with_name("ways.json").read_text())
FOR_GOOD: list[Any] = ["fails"]
NO_MAIL: dict[str, list[Any]] = {"notify_user": FOR_GOOD, "skip_notification": [{"status": "ACCEPTED"}]}
GO: dict[str, Callable[[OrderWorkflow], Run]] = {
    "completed": lambda w: w.start().wake_up("decision", "accepted").wake_up("completion", "completed"),
    "rejected": lambda w: w.start().wake_up("decision", "rejected"),
    "cancelled": lambda w: w.start().wake_up("decision", "cancelled"),
    "expired": lambda w: w.start(hasty=True),
    "timed out": lambda w: w.start(hasty_completion=True).wake_up("decision", "accepted"),
    "failed at the first step": lambda w: w.start({"place_order": FOR_GOOD}),
    "failed after acceptance": lambda w: (
        w.start({"complete_order": FOR_GOOD}).wake_up("decision", "accepted").wake_up("completion", "completed")
    ),
    "decided before the workflow waited": lambda w: w.start(decision="rejected"),
    "decided in the moment of the timeout": lambda w: w.start({"expire_order": [{"decision": "rejected"}]}, hasty=True),
    "completed in the moment of the deadline": lambda w: w.start(
        {"time_out_order": [{"completion": "completed"}]}, hasty_completion=True
    ).wake_up("decision", "accepted"),
    "completed, its confirmation could not be mailed": lambda w: (
        w.start(NO_MAIL).wake_up("decision", "accepted").wake_up("completion", "completed")
    ),
}


@pytest.fixture(scope="module")
def transitions() -> Iterator[dict[str, int]]:
    """Counted as they are walked, printed at the end (`pytest -s`)."""
    counted: dict[str, int] = {}
    yield counted
    table = Table("way through the workflow", "state transitions")
    for way, number in counted.items():
        table.add_row(way, str(number))
    Console().print(table)


@pytest.mark.parametrize("way", WAYS)
def test_a_way_enters_these_states_and_no_other(
    order_workflow: OrderWorkflow, transitions: dict[str, int], way: str
) -> None:
    status, states = GO[way](order_workflow).result()
    transitions[way] = len(states)
    assert states == WAYS[way]
    assert status == ("FAILED" if way.startswith("failed") else "SUCCEEDED")


def test_a_completed_order_takes_eight_transitions() -> None:
    assert len(WAYS["completed"]) == 8


def test_together_the_ways_enter_every_state_but_those_of_a_mail_of_an_end_that_failed() -> None:
    states = json.loads((Path(__file__).parents[2] / "contexts/orders/workflow/order.asl.json").read_text())["States"]
    entered = {state for way in WAYS.values() for state in way}
    assert set(states) - entered == {"Order closed", "Skip notification of failure"}  # test_failures enters them


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
    assert states[3:6] == ["Read decision", "Decision?", state]
    assert "decision_token" not in run.item()


def test_a_completion_that_came_before_the_token_is_carried_out(order_workflow: OrderWorkflow) -> None:
    run = order_workflow.start(completion="completed").wake_up("decision", "accepted")
    assert run.result() == ("SUCCEEDED", WAYS["completed"])
    assert "completion_token" not in run.item()


def test_an_unknown_decision_fails_the_order_instead_of_losing_it(order_workflow: OrderWorkflow) -> None:
    status, states = order_workflow.start(decision="perhaps").result()
    assert (status, states[-3:]) == ("FAILED", ["Fail order", "Notify user of failure", "Order failed"])
