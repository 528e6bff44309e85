"""The orders workflow where it is a durable function: the same that workflow.py tells of a state machine."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, timedelta
from typing import Any, NamedTuple

from botocore.exceptions import ClientError

from takeaway.errors import TakeawayError
from takeaway.paths import REPOSITORY
from takeaway.run.client.target import Target
from takeaway.run.client.workflow import RUNNING, Step
from takeaway.wiring import Wiring

STOPPED = "ABORTED"  # as Step Functions calls what Lambda calls STOPPED
FAILURES = ("Failed", "TimedOut", "Stopped")
LATEST = "$LATEST"


def code() -> str:
    """Read the file from which the workflow is deployed."""
    return (REPOSITORY / Wiring.DURABLE.orders / "workflow.py").read_text(encoding="utf-8")


class Used(NamedTuple):
    """`bytes` are those of inputs, results and errors."""

    operations: int
    bytes: int


@dataclass(frozen=True)
class DurableWorkflow:
    """`function_arn` ends with the alias by which executions begin."""

    target: Target
    function_arn: str
    _found: dict[str, str] = field(default_factory=dict, repr=False, compare=False)

    def steps(self, order_id: str) -> list[Step]:
        """Empty when no execution of that name ever began."""
        arn = self._execution(order_id)
        if not arn:
            return []
        # Without what steps answered. Ids of callbacks are among it all the same, and nothing here tells of them.
        pages = self.target.client("lambda").get_paginator("get_durable_execution_history")
        found = pages.paginate(DurableExecutionArn=arn, IncludeExecutionData=False)
        return steps_of(event for page in found for event in page["Events"])

    def used(self, order_id: str) -> "Used":
        """Count what AWS bills of an order's execution: each operation that begins, and each further try of a step."""
        arn, operations, size = self._execution(order_id), 1, 0
        pages = self.target.client("lambda").get_paginator("get_durable_execution_history")
        for page in pages.paginate(DurableExecutionArn=arn, IncludeExecutionData=True) if arn else ():
            for event in page["Events"]:
                kind, details = event["EventType"], event.get("StepFailedDetails", {}).get("RetryDetails", {})
                operations += kind.endswith("Started") and not kind.startswith("Execution")
                operations += bool(details.get("NextAttemptDelaySeconds"))
                size += sum(len(payload) for payload in _payloads(event))
        return Used(operations, size)

    @property
    def definition(self) -> str:
        """The code in this folder. AWS has no document that says what comes next."""
        return code()

    @property
    def state_machine_arn(self) -> str:
        """Raises TakeawayError: whoever asks wants to know which definition open orders have."""
        raise TakeawayError(
            "The workflow is a durable function: an open order goes on with the version of the code that it began with."
        )

    def status(self, order_id: str) -> str:
        """Such as RUNNING or SUCCEEDED; empty when there is no such execution."""
        arn = self._execution(order_id)
        if not arn:
            return ""
        found = self.target.client("lambda").get_durable_execution(DurableExecutionArn=arn)
        return STOPPED if found["Status"] == "STOPPED" else str(found["Status"])

    def stop(self, order_id: str, *, why: str) -> None:
        """Stop an execution as an operator does. The order is then closed from outside, and its customer is told.

        Nothing happens to one that has ended meanwhile, as with Step Functions.
        """
        arn = self._execution(order_id)
        if not arn:
            raise TakeawayError(f"No execution of order {order_id} ever began.")
        error = {"ErrorType": "Stopped", "ErrorMessage": why}
        try:
            self.target.client("lambda").stop_durable_execution(DurableExecutionArn=arn, Error=error)
        except ClientError:
            if self.status(order_id) == RUNNING:
                raise

    def _execution(self, order_id: str) -> str:
        """Look up an execution's ARN, because it can't be made of the order's id; empty if there is none."""
        if order_id not in self._found:
            pages = self.target.client("lambda").get_paginator("list_durable_executions_by_function")
            function = self.function_arn.rpartition(":")[0]
            for version in self._versions(function):
                for page in pages.paginate(FunctionName=function, Qualifier=version, DurableExecutionName=order_id):
                    for execution in page["DurableExecutions"]:
                        self._found[order_id] = execution["DurableExecutionArn"]
                        return self._found[order_id]
        return self._found.get(order_id, "")

    def _versions(self, function: str) -> Iterator[str]:
        """The newest first: an execution is listed with the version that it began with."""
        pages = self.target.client("lambda").get_paginator("list_versions_by_function").paginate(FunctionName=function)
        numbers = [int(each["Version"]) for page in pages for each in page["Versions"] if each["Version"] != LATEST]
        yield from map(str, sorted(numbers, reverse=True))


def steps_of(history: Iterable[Mapping[str, Any]]) -> list[Step]:
    """The events of a history, in their order, told as steps: what lies within another operation is a part of that."""
    steps: list[Step] = []
    places: dict[str, int] = {}  # by the id of an operation: which step it is, or is a part of
    for event in history:
        kind, at = event["EventType"], event["EventTimestamp"].astimezone(UTC)
        if kind.startswith("Execution"):
            if kind != "ExecutionStarted":
                steps.append(Step(at, kind, is_end=True, errors=_errors(event)))
            continue
        id_, parent = event.get("Id", ""), event.get("ParentId")
        if parent:
            places.setdefault(id_, places.get(parent, len(steps) - 1))
        elif kind.endswith("Started") and id_ not in places:
            steps.append(Step(at, event["Name"], tries=1))
            places[id_] = len(steps) - 1
        if id_ in places:
            place = places[id_]
            steps[place] = _gone_on(
                steps[place], kind, event, is_part=bool(parent) or event.get("Name") != steps[place].name
            )
    return steps


def _gone_on(step: Step, kind: str, event: Mapping[str, Any], *, is_part: bool) -> Step:
    at = event["EventTimestamp"].astimezone(UTC)
    retry = event.get("StepFailedDetails", {}).get("RetryDetails", {})
    if retry.get("NextAttemptDelaySeconds"):
        return step._replace(tries=retry["CurrentAttempt"] + 1, errors=step.errors + _errors(event))
    if timeout := event.get("CallbackStartedDetails", {}).get("Timeout"):
        return step._replace(deadline=at + timedelta(seconds=timeout))
    if kind.endswith(FAILURES):
        return step._replace(left=step.left if is_part else at, errors=step.errors + _errors(event))
    return step._replace(left=at) if kind.endswith("Succeeded") and not is_part else step


def _payloads(event: Mapping[str, Any]) -> Iterator[str]:
    for value in event.values():
        for part in value.values() if isinstance(value, dict) else ():
            if isinstance(part, dict) and part.get("Payload"):
                yield str(part["Payload"])


def _errors(event: Mapping[str, Any]) -> tuple[str, ...]:
    """The type of the error that it names."""
    details = [value for name, value in event.items() if name.endswith("Details") and isinstance(value, dict)]
    payloads = [each.get("Error", {}).get("Payload") or {} for each in details]
    return tuple(str(each["ErrorType"]).rpartition(".")[2] for each in payloads if each.get("ErrorType"))
