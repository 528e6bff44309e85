"""Read executions of the orders workflow from Step Functions: the states that an order entered, and how it ended."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, NamedTuple

from takeaway.run.client.target import Target

RUNNING = "RUNNING"  # the status of an open execution, of either kind of workflow


class Step(NamedTuple):
    """A state that the execution entered, or the execution's end.

    `left` is None while the order is in the state. `tries` counts how often the state's task was scheduled, and
    `errors` names the error of each failure. `deadline` is when a wait times out, where a history says so.
    """

    at: datetime
    name: str
    is_end: bool = False
    left: datetime | None = None
    tries: int = 0
    errors: tuple[str, ...] = ()
    deadline: datetime | None = None


@dataclass(frozen=True)
class Workflow:
    target: Target
    state_machine_arn: str

    def steps(self, order_id: str) -> list[Step]:
        """List the order's steps in order of time; empty when it has no execution."""
        states = self.target.client("stepfunctions")
        try:
            # Without the states' input and output, because task tokens are in it.
            pages = states.get_paginator("get_execution_history").paginate(
                executionArn=self._execution(order_id), includeExecutionData=False
            )
            return steps_of(event for page in pages for event in page["events"])
        except states.exceptions.ExecutionDoesNotExist:
            return []

    @cached_property
    def definition(self) -> str:
        """The deployed definition, as JSON in the Amazon States Language."""
        states = self.target.client("stepfunctions")
        return str(states.describe_state_machine(stateMachineArn=self.state_machine_arn)["definition"])

    def status(self, order_id: str) -> str:
        """Return the execution's status, such as RUNNING or SUCCEEDED; empty when it does not exist."""
        states = self.target.client("stepfunctions")
        try:
            return str(states.describe_execution(executionArn=self._execution(order_id))["status"])
        except states.exceptions.ExecutionDoesNotExist:
            return ""

    def stop(self, order_id: str, *, why: str) -> None:
        """Stop the order's execution, as an operator would. Orders then closes the order and tells its customer."""
        self.target.client("stepfunctions").stop_execution(
            executionArn=self._execution(order_id), error="Stopped", cause=why
        )

    def _execution(self, order_id: str) -> str:
        """Make the execution's ARN: its name is the order's id."""
        return f"{self.state_machine_arn.replace(':stateMachine:', ':execution:')}:{order_id}"


def steps_of(history: Iterable[dict[str, Any]]) -> list[Step]:
    """Turn the events of an execution's history into steps, in order of time."""
    steps: list[Step] = []
    places: dict[int, int] = {}  # by the id of an event: which step it belongs to
    for event in history:
        kind, at = event["type"], event["timestamp"].astimezone(UTC)
        if kind.endswith("StateEntered"):
            steps.append(Step(at, event["stateEnteredEventDetails"]["name"]))
            place = len(steps) - 1
        elif kind.startswith("Execution"):
            if kind != "ExecutionStarted":
                steps.append(Step(at, kind, is_end=True, errors=_errors(event)))
            continue
        elif steps:
            place = _place(event, steps, places)
            steps[place] = _gone_on(steps[place], kind, at, event)
        else:
            continue
        places[event["id"]] = place
    return steps


def _place(event: dict[str, Any], steps: list[Step], places: dict[int, int]) -> int:
    """Find the index of the step that an event belongs to.

    In parallel branches `previousEventId` says it; an engine that leaves it out gets the step entered last.
    """
    return places.get(event.get("previousEventId", 0), len(steps) - 1)


def _gone_on(step: Step, kind: str, at: datetime, event: dict[str, Any]) -> Step:
    if kind.endswith("StateExited"):
        return step._replace(left=at)
    if kind.endswith("Scheduled"):
        return step._replace(tries=step.tries + 1)
    return step._replace(errors=step.errors + _errors(event))


def _errors(event: dict[str, Any]) -> tuple[str, ...]:
    """The error that an event names: that of a task, or of the whole execution; none for other events."""
    details = [value for name, value in event.items() if name.endswith("EventDetails") and isinstance(value, dict)]
    return tuple(str(each["error"]) for each in details if each.get("error"))
