"""Histories of durable executions, as they were recorded, replayed with the code as it is now.

An open order ends with the version that it began with, so a change that fails here is deployed safely. It says that
executions can't be moved to the new code, and that a new history has to be recorded. A file has the events that
`aws lambda get-durable-execution-history --include-execution-data` answers.
"""

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from aws_durable_execution_sdk_python import DurableContext, durable_execution
from aws_durable_execution_sdk_python.lambda_service import Operation, OperationType
from aws_durable_execution_sdk_python_testing.model import GetDurableExecutionHistoryResponse, events_to_operations

from contexts.orders.application.ports import Wait
from examples.durable_orders import steps
from examples.durable_orders.workflow import process

HISTORIES = {path.stem: path for path in sorted(Path(__file__).with_name("histories").glob("*.json"))}
ARN = "arn:aws:lambda:us-east-1:000000000000:function:process-order:1/durable-execution/order/execution"
Process = Callable[[steps.Steps], None]


class DidSomethingNew(AssertionError):
    """A replay that comes to an end has nothing left to do, and nothing to write down."""


class Nobody:
    """In place of Lambda's client and the port Callbacks: whoever calls it does what the history does not have."""

    def __getattr__(self, name: str) -> Any:
        def called(*_: object, **said: object) -> Any:
            raise DidSomethingNew(f"{name}: {said}")

        return called


def operations(path: Path) -> list[Operation]:
    """Return the operations that Lambda hands to a function that it invokes again."""
    events = json.loads(path.read_text(encoding="utf-8"))
    for event in events:
        event.setdefault("Id", "execution")  # where an engine does not name the execution itself
        event["EventTimestamp"] = datetime.fromisoformat(event["EventTimestamp"])
        for id_ in event.keys() & {
            "Id",
            "ParentId",
        }:  # hashes, written in groups, so that nobody takes them for secrets
            event[id_] = event[id_].replace(" ", "")
    return events_to_operations(GetDurableExecutionHistoryResponse.from_dict({"Events": events}).events)


def replayed(path: Path, run: Process = process) -> dict[str, Any]:
    @durable_execution(boto3_client=Nobody())  # type: ignore[arg-type]
    def handler(event: dict[str, Any], context: DurableContext) -> None:
        run(steps.Steps(context, event["order_id"], Nobody(), dict.fromkeys(Wait, 600), 14))  # type: ignore[arg-type]

    state = {"Operations": [each.to_json_dict() for each in operations(path)], "NextMarker": ""}
    event = {"DurableExecutionArn": ARN, "CheckpointToken": "token", "InitialExecutionState": state}
    answer: dict[str, Any] = handler(event, None)  # type: ignore[arg-type]
    return answer


@pytest.mark.parametrize("name", HISTORIES)
def test_a_recorded_history_is_replayed_to_where_it_stood(name: str) -> None:
    assert replayed(HISTORIES[name])["Status"] == ("PENDING" if "open" in name else "SUCCEEDED")


@pytest.mark.parametrize("name", HISTORIES)
def test_a_step_is_named_as_it_is_in_the_history(name: str) -> None:
    names = {each.name for each in operations(HISTORIES[name]) if each.operation_type is OperationType.STEP}
    assert "Place order" in names


def with_a_step_more(order: steps.Steps) -> None:
    order.does("Skip notification")
    process(order)


def renamed(order: steps.Steps) -> None:
    order.context.step(lambda _: None, name="Place the order")


@pytest.mark.parametrize("changed", [with_a_step_more, renamed])
def test_a_change_that_open_orders_would_not_survive_is_seen(changed: Process) -> None:
    answer = replayed(HISTORIES["accepted, and open"], changed)
    assert answer["Status"] == "FAILED"
    assert "NonDeterministic" in answer["Error"]["ErrorType"]
