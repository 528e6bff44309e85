"""The examples break the rules that they are there to break, and change nothing for anybody else."""

from functools import partial
from pathlib import Path

import pytest

from takeaway.check.fitness.code import Code
from takeaway.check.fitness.evidence import Evidence
from takeaway.check.fitness.rule import Result
from takeaway.check.templates import assembly
from takeaway.paths import REPOSITORY
from tests.between.architecture.conftest import SYSTEMS
from tests.between.architecture.planting import broken

NEIGHBOURS = ("bus", "promotions", "analytics", "console")
# in either wiring: its code is not in the context's folder, and the file of orders' workflow is not deployed
ANOTHER_ORDERS = {"one-stack-each", "process-in-one-file"}
# promotions answers a failure as a value, so the workflow counts its tries and loops by itself
ASKS_AGAIN = ("Issue voucher", "Voucher issued?", "Wait for promotions", "Count the try")
BROKEN: dict[str, set[str]] = {
    "hybrid": set(),
    "durable": ANOTHER_ORDERS,
    "choreographed": ANOTHER_ORDERS | {"no-own-events"},
    "orchestrated": ANOTHER_ORDERS | {"no-foreign-permissions", "workflow-stays-inside", "ids-only", "states-end"},
}


@pytest.fixture(scope="module")
def results(assemblies: dict[str, Path]) -> dict[str, dict[str, Result]]:
    """Return the rules that each of the systems breaks."""
    code = Code(REPOSITORY)
    evidence = {system: Evidence(code, partial(assembly.read, folder)) for system, folder in assemblies.items()}
    return {system: broken(each) for system, each in evidence.items()}


def sees_nothing(result: Result) -> bool:
    return [finding.where for finding in result.findings] == ["nothing to look at"]


@pytest.mark.parametrize("system", SYSTEMS[1:])
@pytest.mark.parametrize("stack", NEIGHBOURS)
def test_nobody_but_orders_differs_by_a_byte(assemblies: dict[str, Path], system: str, stack: str) -> None:
    name = f"takeaway-dev-{stack}.template.json"
    assert (assemblies[system] / name).read_bytes() == (assemblies["hybrid"] / name).read_bytes()


@pytest.mark.parametrize("system", SYSTEMS)
def test_a_system_breaks_the_rules_that_it_is_there_to_break_and_no_other(
    results: dict[str, dict[str, Result]], system: str
) -> None:
    assert {id_ for id_, result in results[system].items() if not sees_nothing(result)} == BROKEN[system]


def test_choreographed_orders_break_the_rule_that_no_function_of_orders_is_triggered_by_its_events(
    results: dict[str, dict[str, Result]],
) -> None:
    found = results["choreographed"]["no-own-events"].findings
    assert [finding.where for finding in found] == [
        f"orders: rule takeaway-dev-orders-{step}" for step in ("notify-restaurant", "notify-user")
    ]


def test_where_no_workflow_is_its_deadlines_retries_and_ways_out_are_nowhere_to_be_seen(
    results: dict[str, dict[str, Result]],
) -> None:
    unseen = {id_ for id_, result in results["choreographed"].items() if sees_nothing(result)}
    assert unseen >= {"deadline-last", "tasks-retry", "tasks-catch", "states-end", "waits-way-out"}


def test_the_workflow_that_orchestrates_everything_is_built_as_carefully_as_that_of_orders_but_for_one_loop(
    results: dict[str, dict[str, Result]],
) -> None:
    found = results["orchestrated"]["states-end"].findings
    assert {finding.where for finding in found} == {f"orders: state {state}" for state in ASKS_AGAIN}
    assert {finding.what for finding in found} == {"can come back to itself without waiting for anybody"}


@pytest.mark.parametrize("function", ["promotions-issue-voucher", "analytics-ingest-events"])
@pytest.mark.parametrize("rule", ["no-foreign-permissions", "workflow-stays-inside"])
def test_orchestrating_everything_breaks_the_rule_that_between_contexts_there_is_nothing_but_events(
    results: dict[str, dict[str, Result]], rule: str, function: str
) -> None:
    assert any(f"takeaway-dev-{function}" in finding.what for finding in results["orchestrated"][rule].findings)
