"""List the open executions of a workflow: the state of each, and when it began."""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from shared.asl.graph import Definition, reachable
from takeaway.errors import TakeawayError
from takeaway.run.client.target import Target
from takeaway.run.client.workflow import RUNNING

MOST = 1000  # executions that are looked at, because each needs a call of its own
AT_ONCE = 8
ENTERED = "StateEntered"


@dataclass(frozen=True)
class Open:
    """An open execution; its name is the order's id."""

    order_id: str
    state: str
    began: datetime


def open_executions(target: Target, machine_arn: str, *, until: datetime | None = None, most: int = MOST) -> list[Open]:
    """Return the newest open executions, up to `most`: all, or those that began `until` then.

    One that ends meanwhile is left out.
    """
    client = target.client("stepfunctions")
    pages = client.get_paginator("list_executions").paginate(stateMachineArn=machine_arn, statusFilter=RUNNING)
    found = (each for page in pages for each in page["executions"])
    listed = list(islice((each for each in found if until is None or each["startDate"] <= until), most))
    with ThreadPoolExecutor(AT_ONCE) as pool:
        looked_at = pool.map(lambda each: _looked_at(client, each), listed)
        return [each for each in looked_at if each]


def _looked_at(client: Any, execution: Mapping[str, Any]) -> Open | None:
    history = client.get_execution_history(executionArn=execution["executionArn"], reverseOrder=True, maxResults=100)
    for event in history["events"]:
        if event["type"].startswith("Execution") and event["type"] != "ExecutionStarted":
            return None
        if event["type"].endswith(ENTERED):
            return Open(execution["name"], event["stateEnteredEventDetails"]["name"], execution["startDate"])
    return Open(execution["name"], "", execution["startDate"])


def changed_at(target: Target, stack: str, machine_arn: str) -> datetime:
    """Return when a deployment last changed the state machine: older executions may have another definition.

    Step Functions tells it only for each execution (DescribeStateMachineForExecution), and not on every engine.
    """
    pages = target.client("cloudformation").get_paginator("list_stack_resources").paginate(StackName=stack)
    listed = (each for page in pages for each in page["StackResourceSummaries"])
    found = (each["LastUpdatedTimestamp"] for each in listed if each.get("PhysicalResourceId") == machine_arn)
    if (at := next(found, None)) is None:
        raise TakeawayError(f"{stack} has no state machine {machine_arn}: `{target.command('status')}`.")
    moment: datetime = at
    return moment


def coming_to(executions: Sequence[Open], definition: Definition, state: str) -> Iterator[Open]:
    """Yield the executions that are in a state, or may still come to it."""
    for each in executions:
        if each.state not in definition["States"] or state in reachable(definition, each.state):
            yield each
