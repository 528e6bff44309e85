"""The deployed workflow, and the executions that are open there."""

import copy
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest

from takeaway.check.workflow.carrier import Carrier
from takeaway.check.workflow.changes import compare
from takeaway.check.workflow.definitions import as_on_stage, of_folder
from takeaway.check.workflow.diff import undrained
from takeaway.check.workflow.executions import Open, open_executions
from takeaway.errors import TakeawayError
from takeaway.run.client.target import Target
from tests.tools.takeaway.workflow.edits import BEFORE, WAIT, facts

DEPLOYED = datetime(2026, 11, 30, 12, tzinfo=UTC)


@dataclass
class Executions:
    """A target whose Step Functions lists these executions, the newest first; each waits for the restaurant."""

    began: list[datetime]

    def client(self, _service: str) -> "Executions":
        return self

    def get_paginator(self, _operation: str) -> "Executions":
        return self

    def paginate(self, **_asked: Any) -> Iterator[Any]:
        for at in sorted(self.began, reverse=True):
            yield {"executions": [{"name": str(at), "executionArn": str(at), "startDate": at}]}

    def get_execution_history(self, **_asked: Any) -> Any:
        entered = {"name": "Await restaurant decision"}
        return {"events": [{"type": "TaskStateEntered", "stateEnteredEventDetails": entered}]}


def test_an_order_that_began_before_a_deployment_is_found_behind_many_younger_ones() -> None:
    old = DEPLOYED - timedelta(minutes=1)
    many = [DEPLOYED + timedelta(seconds=number) for number in range(1, 6)]
    target = cast(Target, Executions([old, *many]))
    assert [each.began for each in open_executions(target, "arn", until=DEPLOYED, most=3)] == [old]
    assert len(open_executions(target, "arn", most=3)) == 3


def test_a_stage_on_which_steps_shall_fail_soon_has_the_same_workflow() -> None:
    stage = copy.deepcopy(BEFORE)
    for state in stage["States"].values():
        for retrier in state.get("Retry", ()):
            retrier["MaxAttempts"] = min(retrier["MaxAttempts"], 2)
    assert compare(stage, Carrier.of(as_on_stage(BEFORE, stage), facts())) == []
    assert compare(stage, Carrier.of(BEFORE, facts()))


def test_a_function_that_older_orders_may_call_goes_only_when_none_of_them_is_open() -> None:
    older = [Open("order-1", WAIT, DEPLOYED)]
    [found] = undrained("orders", frozenset({"accept_order", "approve_order"}), older)
    assert (found.change.state, found.change.breaks, found.orders) == ("approve_order", True, ("order-1",))
    assert "takeaway workflow drain" in found.change.way
    assert undrained("orders", frozenset({"approve_order"}), []) == []


def test_a_second_definition_of_a_context_is_refused_because_it_would_hide_the_first(tmp_path: Path) -> None:
    folder = tmp_path / "contexts/orders/workflow"
    folder.mkdir(parents=True)
    for name in ("order", "refund"):
        (folder / f"{name}.asl.json").write_text(json.dumps(BEFORE), encoding="utf-8")
    with pytest.raises(TakeawayError, match=r"refund\.asl\.json at .* expected one definition"):
        of_folder(tmp_path)
