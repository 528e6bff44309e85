"""The orders workflow as Step Functions tells of it: which state an order entered when, and how it ended."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, NamedTuple

from takeaway.run.client.target import Target


class Step(NamedTuple):
    """A state that was entered, or the end of the execution.

    `left` is None while the order is there. `tries` counts how often the state's task was begun, `errors` names what
    went wrong there, one each time. `deadline` is when it gives up waiting, where a history says so.
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
        """Empty when no execution of that name ever began."""
        states = self.target.client("stepfunctions")
        try:
            # Without what goes in and out of states: task tokens are among it.
            pages = states.get_paginator("get_execution_history").paginate(
                executionArn=self._execution(order_id), includeExecutionData=False
            )
            return steps_of(event for page in pages for event in page["events"])
        except states.exceptions.ExecutionDoesNotExist:
            return []

    @cached_property
    def definition(self) -> str:
        """As it is deployed, in the States Language."""
        states = self.target.client("stepfunctions")
        return str(states.describe_state_machine(stateMachineArn=self.state_machine_arn)["definition"])

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


def steps_of(history: Iterable[dict[str, Any]]) -> list[Step]:
    """The events of a history, in their order, told as steps."""
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
    """Of branches that run at once AWS says which event follows which; else it is the one that was entered last."""
    return places.get(event.get("previousEventId", 0), len(steps) - 1)


def _gone_on(step: Step, kind: str, at: datetime, event: dict[str, Any]) -> Step:
    if kind.endswith("StateExited"):
        return step._replace(left=at)
    if kind.endswith("Scheduled"):
        return step._replace(tries=step.tries + 1)
    return step._replace(errors=step.errors + _errors(event))


def _errors(event: dict[str, Any]) -> tuple[str, ...]:
    """The error that it names: that of a task, or of the execution as a whole."""
    details = [value for name, value in event.items() if name.endswith("EventDetails") and isinstance(value, dict)]
    return tuple(str(each["error"]) for each in details if each.get("error"))
