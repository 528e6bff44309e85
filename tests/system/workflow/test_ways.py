"""Every way through the workflow: an engine enters the states that ways.toml says, and ends as the rehearsal did."""

from collections.abc import Iterator

import pytest
from rich.console import Console
from rich.table import Table

from takeaway.run.engine.kinds import traits_of
from tests.fakes.engines import engine_kind
from tests.system.workflow.conftest import FACTS, MACHINE, OrderWorkflow

pytestmark = pytest.mark.engine

WAYS = FACTS.ways


@pytest.fixture(scope="module")
def transitions() -> Iterator[dict[str, int]]:
    """Count the state transitions of each way, and print them at the end (`pytest -s`)."""
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
    if WAYS[way].stops and not (traits := traits_of(engine_kind())).stops_waits:
        pytest.skip(f"{traits.kind}: an execution that waits for its token was still RUNNING 180 s after a stop")
    status, states = order_workflow.go(way).result()
    transitions[way] = len(states)
    assert tuple(states) == WAYS[way].states
    assert status == WAYS[way].ends


def test_a_completed_order_takes_a_transition_for_each_state_of_the_main_path() -> None:
    assert list(WAYS["completed"].states) == MACHINE.main_path()


def test_together_the_ways_enter_every_state_but_those_of_a_mail_of_an_end_that_failed() -> None:
    entered = {state for way in WAYS.values() for state in way.states}
    assert set(MACHINE.states) - entered == {
        "Order closed",
        "Skip notification of failure",
    }  # entered in test_failures


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
    assert run.result() == ("SUCCEEDED", list(WAYS["completed"].states))
    assert "completion_token" not in run.item()


def test_an_unknown_decision_fails_the_order_instead_of_losing_it(order_workflow: OrderWorkflow) -> None:
    status, states = order_workflow.start(decision="perhaps").result()
    assert (status, states[-3:]) == ("FAILED", ["Fail order", "Notify user of failure", "Order failed"])
