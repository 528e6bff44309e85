"""The real workflow file on a real engine; behind each step a function that answers as a script says.

So every way through the file is walked, with its retries and catches, without the rest of the system.
"""

import io
import json
import time
import zipfile
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from shared.asl.graph import StateMachine, awaits_callback
from takeaway.facts import facts_of
from takeaway.paths import REPOSITORY
from takeaway.run.deploy.parameters import MOST_RETRIES
from tests.conftest import Engine
from tests.fakes.engines import is_embedded, patiently, pause

DEFINITION = REPOSITORY / "contexts/orders/workflow/order.asl.json"
FACTS = facts_of("orders")
FAILS: list[Any] = ["fails"]  # for good
MACHINE = StateMachine.parse(DEFINITION.read_text(encoding="utf-8"))
WAITS = [name for name, state in MACHINE.states.items() if awaits_callback(state)]
DEADLINE_SECONDS = 60


@dataclass(frozen=True)
class Run:
    """One execution."""

    order_id: str
    execution_arn: str
    table: Any
    client: Any

    def wake_up(self, wait: str, outcome: str) -> "Run":
        """Send the callback as soon as the workflow waits for it; nothing if the execution ends before."""
        found = self._until(lambda: self.item().get(f"{wait}_token") or self._ended(), f"waits for a {wait}")
        if found != self._ended():
            self.client.send_task_success(taskToken=found, output=json.dumps({wait: outcome}))
        return self

    def result(self) -> tuple[str, list[str]]:
        """Return how the execution ended, and the states that it entered."""
        status = self._until(self._ended, "ends")
        return str(status), self.entered()

    def stop_in(self, state: str) -> "Run":
        """Stop the execution as an operator would, once it waits there: its token is stored, so its task has begun."""
        self._until(
            lambda: self.entered()[-1:] == [state] and any(name.endswith("_token") for name in self.item()),
            f"waits in {state}",
        )
        self.client.stop_execution(executionArn=self.execution_arn)
        return self

    def entered(self) -> list[str]:
        history = self.client.get_paginator("get_execution_history").paginate(executionArn=self.execution_arn)
        return [event["stateEnteredEventDetails"]["name"] for page in history for event in page["events"]
                if "stateEnteredEventDetails" in event]  # fmt: skip

    def calls(self, step: str) -> int:
        return int(self.item()["calls"].get(step, 0))

    def item(self) -> dict[str, Any]:
        return dict(self.table.get_item(Key={"order_id": self.order_id}, ConsistentRead=True)["Item"])

    def _ended(self) -> str | None:
        """Return the status of an execution that has ended, else None."""
        status = str(self._describe()["status"])
        return None if status == "RUNNING" else status

    def _describe(self) -> dict[str, Any]:
        return dict(self.client.describe_execution(executionArn=self.execution_arn))

    def _until(self, look: Callable[[], Any], what: str) -> Any:
        seconds = patiently(DEADLINE_SECONDS)
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if found := look():
                return found
            time.sleep(pause(0.02))
        raise AssertionError(f"{self.order_id}: not within {seconds} s: {what}; {self._describe()}")


@dataclass(frozen=True)
class OrderWorkflow:
    """Starts executions. `machine` makes a state machine that waits in the given states for a second only."""

    table: Any
    client: Any
    machine: Callable[[frozenset[str]], str]

    def go(self, name: str, script: dict[str, list[Any]] | None = None) -> Run:
        """Start an order on its way, with stand-ins that answer as the real steps do; `script` overrides answers."""
        way = FACTS.ways[name]
        answers = {**way.answers, **dict.fromkeys(way.fails, FAILS), **(script or {})}
        item = {act.wait: act.outcome for act in way.does.values() if act.when == "early"}
        hasty = [
            each
            for each in WAITS
            if each in way.states and each != way.stops and (each not in way.does or way.does[each].when == "late")
        ]
        run = self.start(answers, hasty=hasty, **item)
        for act in way.does.values():
            if act.when == "waiting":
                run.wake_up(act.wait, act.outcome)
        return run.stop_in(way.stops) if way.stops else run

    def start(self, script: dict[str, list[Any]] | None = None, *, hasty: Collection[str] = (), **item: str) -> Run:
        """Start an execution.

        `script` says for a step what each of its calls does; `item` has attributes of the order's item from the start.
        """
        order_id = str(uuid4())
        self.table.put_item(Item={"order_id": order_id, "calls": {}, "script": json.dumps(script or {}), **item})
        started = self.client.start_execution(
            stateMachineArn=self.machine(frozenset(hasty)),
            name=order_id,
            input=json.dumps({"order_id": order_id}),
        )
        return Run(order_id, started["executionArn"], self.table, self.client)


@pytest.fixture(scope="package")
def order_workflow(engine: Engine) -> Iterator[OrderWorkflow]:
    session = engine.session
    suffix = uuid4().hex[:8]
    table = session.resource("dynamodb").create_table(
        TableName=f"workflow-test-{suffix}",
        KeySchema=[{"AttributeName": "order_id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "order_id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    role = session.client("iam").create_role(
        RoleName=f"workflow-test-{suffix}",
        AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": []}),
    )["Role"]["Arn"]
    functions = session.client("lambda")
    arns = {
        step: functions.create_function(
            FunctionName=f"workflow-test-{suffix}-{step}",
            Runtime="python3.13",
            Role=role,
            Handler="scripted_step.handler",
            Code={"ZipFile": _zipped(Path(__file__).with_name("scripted_step.py"))},
            Environment={"Variables": {"TABLE": table.name, "STEP": step}},
            Timeout=20,
        )["FunctionArn"]
        for step in FACTS.steps
    }
    text = json.dumps(_impatient(json.loads(DEFINITION.read_text())))
    for name, value in {**arns, "orders_table": table.name}.items():
        text = text.replace(f"${{{name}}}", value)
    client = session.client("stepfunctions")

    @cache
    def machine(hasty: frozenset[str]) -> str:
        definition = json.loads(text)
        for wait in hasty:
            definition["States"][wait]["TimeoutSeconds"] = 1
        made = client.create_state_machine(
            name=f"workflow-test-{uuid4().hex[:8]}", definition=json.dumps(definition), roleArn=role
        )
        return str(made["stateMachineArn"])

    _scale_waits(engine.endpoint, 0)
    yield OrderWorkflow(table, client, machine)
    _scale_waits(engine.endpoint, 1)


def _impatient(definition: dict[str, Any]) -> dict[str, Any]:
    """Retry as often as `takeaway up` does, but a second apart: the shortest interval of Step Functions."""
    retries = (retry for state in definition["States"].values() for retry in state.get("Retry", ()))
    for retry in retries:
        retry["MaxAttempts"] = min(retry["MaxAttempts"], MOST_RETRIES)
        if "IntervalSeconds" in retry:
            retry |= {"IntervalSeconds": 1, "BackoffRate": 1}
    return definition


def _scale_waits(endpoint: str, factor: float) -> None:
    """Scale the intervals between retries, which only the embedded engine can do."""
    if is_embedded():
        httpx.post(f"{endpoint}/_ministack/config", json={"stepfunctions._SFN_WAIT_SCALE": factor})


def _zipped(source: Path) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.write(source, source.name)
    return buffer.getvalue()
