"""Workflows are valid Amazon States Language, and each kind of mistake is found by one of the linters."""

import copy
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from shared.asl.graph import Definition
from takeaway.check.templates import linted
from takeaway.check.templates.assembly import read
from takeaway.errors import UsageError
from tests.between.infrastructure.conftest import Synthesize

ORDER = "contexts/orders/workflow/order.asl.json"
States = dict[str, dict[str, Any]]


def _lead_nowhere(states: States) -> None:
    states["Notify user"]["Next"] = "Awiat completion"


def _catch_nowhere(states: States) -> None:
    states["Notify user"]["Catch"][0]["Next"] = "Skip notifications"


def _choose_nowhere(states: States) -> None:
    states["Decision?"]["Default"] = "Fail"


def _misspell_in_a_state(states: States) -> None:
    states["Notify user"]["TimeoutSecond"] = 30


def _misspell_in_a_retry(states: States) -> None:
    states["Notify user"]["Retry"][0]["MaxAttempt"] = 3


def _misspell_in_a_catch(states: States) -> None:
    states["Notify user"]["Catch"][0]["ResultPth"] = None


def _misspell_in_a_choice(states: States) -> None:
    states["Decision?"]["Choices"][0]["StringEqual"] = "accepted"


def _read_no_path(states: States) -> None:
    states["Read decision"]["ResultSelector"] = {"decision.$": "Item.decision.S"}


def _read_half_a_path(states: States) -> None:
    states["Read decision"]["Parameters"]["Key"]["order_id"] = {"S.$": "$.order_id["}


def _write_to_no_path(states: States) -> None:
    states["Read decision"]["ResultPath"] = "outcome"


def _choose_by_no_path(states: States) -> None:
    states["Decision?"]["Choices"][0]["Variable"] = "outcome.decision"


def _run_what_is_no_arn(states: States) -> None:
    states["Notify user"]["Resource"] = "lambda:invoke"


def _add_a_state_that_nothing_leads_to(states: States) -> None:
    states["Lost"] = {"Type": "Pass", "Next": "Order closed"}


MISTAKES: Mapping[Callable[[States], None], str] = {
    _lead_nowhere: 'No state found named "Awiat completion", referenced at State Machine.States.Notify user.Next',
    _catch_nowhere: "Notify user.Catch[0].Next",
    _choose_nowhere: "Decision?.Default",
    _misspell_in_a_state: 'Field "TimeoutSecond" not allowed in State Machine.States.Notify user',
    _misspell_in_a_retry: 'Field "MaxAttempt" not allowed in State Machine.States.Notify user.Retry[0]',
    _misspell_in_a_catch: 'Field "ResultPth"',
    _misspell_in_a_choice: 'Field "StringEqual"',
    _read_no_path: 'Field "decision.$" of ResultSelector',
    _read_half_a_path: 'Field "S.$" of Parameters',
    _write_to_no_path: "Read decision.ResultPath",
    _choose_by_no_path: "/States/Decision?/Choices/0/Variable is invalid",
    _run_what_is_no_arn: "/States/Notify user/Resource is invalid",
    _add_a_state_that_nothing_leads_to: "No transition found to state State Machine.Lost",
}


@pytest.fixture(scope="module")
def found(deployed_orders: Definition) -> list[str]:
    """Return the linters' findings on the workflow with each mistake, and on all definitions.

    One call, because it is slow.
    """

    def spoilt(spoil: Callable[[States], None]) -> Definition:
        definition = copy.deepcopy(deployed_orders)
        spoil(definition["States"])
        return definition

    planted = [(spoil.__name__, spoilt(spoil)) for spoil in MISTAKES]
    return list(linted.findings([*planted, *linted.written(), ("as deployed", deployed_orders)]))


@pytest.fixture(scope="module")
def deployed_orders(synthesized: Synthesize) -> Definition:
    [(name, definition)] = linted.deployed({"orders": read(synthesized("dev").folder)["orders"]})
    assert name.startswith("takeaway-dev-orders/")
    return definition


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda each: each.__name__.strip("_"))
def test_a_mistake_in_a_workflow_is_found_and_its_place_named(
    found: list[str], mistake: Callable[[States], None]
) -> None:
    said = [finding for finding in found if finding.startswith(f"{mistake.__name__}: ")]
    assert any(MISTAKES[mistake] in finding for finding in said), said


def test_workflows_are_as_the_language_wants_them_in_their_files_and_as_deployed(found: list[str]) -> None:
    assert ORDER in dict(linted.written())
    assert [finding for finding in found if not finding.startswith("_")] == []


def test_a_workflow_that_is_no_json_is_refused_by_its_name(tmp_path: Path) -> None:
    file = tmp_path / "contexts/kitchen/workflow/kitchen.asl.json"
    file.parent.mkdir(parents=True)
    file.write_text('{"StartAt": "Cook",}')
    with pytest.raises(UsageError, match=r"kitchen\.asl\.json can't be read as JSON"):
        list(linted.written(tmp_path))
