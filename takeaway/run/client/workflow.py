"""The orders workflow as Step Functions tells of it: which state an order entered when, and how it ended."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple

from takeaway.run.client.target import Target


class Step(NamedTuple):
    """A state that was entered, or the end of the execution."""

    at: datetime
    name: str
    is_end: bool = False


@dataclass(frozen=True)
class Workflow:
    target: Target
    state_machine_arn: str

    def steps(self, order_id: str) -> list[Step]:
        """Empty when no execution of that name ever began."""
        states = self.target.client("stepfunctions")
        try:
            pages = states.get_paginator("get_execution_history").paginate(executionArn=self._execution(order_id))
            found = [step for page in pages for event in page["events"] if (step := _step(event))]
        except states.exceptions.ExecutionDoesNotExist:
            return []
        return found

    def status(self, order_id: str) -> str:
        """Such as RUNNING or SUCCEEDED; empty when there is no such execution."""
        states = self.target.client("stepfunctions")
        try:
            return str(states.describe_execution(executionArn=self._execution(order_id))["status"])
        except states.exceptions.ExecutionDoesNotExist:
            return ""

    def stop(self, order_id: str, *, why: str) -> None:
        """As an operator would. The order is closed for its execution, and its customer told."""
        self.target.client("stepfunctions").stop_execution(
            executionArn=self._execution(order_id), error="Stopped", cause=why
        )

    def _execution(self, order_id: str) -> str:
        """An execution is named by its order."""
        return f"{self.state_machine_arn.replace(':stateMachine:', ':execution:')}:{order_id}"


def _step(event: dict[str, Any]) -> Step | None:
    at = event["timestamp"].astimezone(UTC)
    if event["type"].endswith("StateEntered"):
        return Step(at, event["stateEnteredEventDetails"]["name"])
    if event["type"].startswith("Execution") and event["type"] != "ExecutionStarted":
        return Step(at, event["type"], is_end=True)
    return None
