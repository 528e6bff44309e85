"""The real workflow file on a real engine; behind each step a function that does as it is told.

So every way through the file is walked, its retries and catches included, without anything else of the system.
"""

import io
import json
import time
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.conftest import Engine
from tests.fakes.engines import is_embedded, patiently, pause

REPOSITORY = Path(__file__).parents[2]
DEFINITION = REPOSITORY / "contexts/orders/workflow/order.asl.json"
STEPS = sorted(path.stem for path in (REPOSITORY / "contexts/orders/handlers").glob("*.py"))
NO_STEPS = {"__init__", "api", "close_order"}
DEADLINE_SECONDS = 60


@dataclass(frozen=True)
class Run:
    """One execution."""

    order_id: str
    execution_arn: str
    table: Any
    client: Any

    def wake_up(self, wait: str, outcome: str) -> "Run":
        """Send the callback as soon as the workflow waits for it."""
        token = self._until(lambda: self.item().get(f"{wait}_token"), f"waits for a {wait}")
        self.client.send_task_success(taskToken=token, output=json.dumps({wait: outcome}))
        return self

    def result(self) -> tuple[str, list[str]]:
        """How the execution ended, and the states that it entered."""
        status = self._until(lambda: status if (status := self._describe()["status"]) != "RUNNING" else None, "ends")
        history = self.client.get_paginator("get_execution_history").paginate(executionArn=self.execution_arn)
        entered = [event["stateEnteredEventDetails"]["name"] for page in history for event in page["events"]
                   if "stateEnteredEventDetails" in event]  # fmt: skip
        return str(status), entered

    def calls(self, step: str) -> int:
        return int(self.item()["calls"].get(step, 0))

    def item(self) -> dict[str, Any]:
        return dict(self.table.get_item(Key={"order_id": self.order_id}, ConsistentRead=True)["Item"])

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
    """The state machines: `patient` has the deadlines of the file, the others wait for a second only."""

    table: Any
    client: Any
    patient: str
    hasty: str
    hasty_completion: str

    def start(
        self,
        script: dict[str, list[Any]] | None = None,
        *,
        hasty: bool = False,
        hasty_completion: bool = False,
        **item: str,
    ) -> Run:
        """`script` says for a step what each of its calls does; `item` is what the order's item has already."""
        order_id = str(uuid4())
        self.table.put_item(Item={"order_id": order_id, "calls": {}, "script": json.dumps(script or {}), **item})
        machine = self.hasty if hasty else self.hasty_completion if hasty_completion else self.patient
        started = self.client.start_execution(
            stateMachineArn=machine,
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
        for step in STEPS
        if step not in NO_STEPS
    }
    text = json.dumps(_impatient(json.loads(DEFINITION.read_text())))
    for name, value in {**arns, "orders_table": table.name}.items():
        text = text.replace(f"${{{name}}}", value)
    client = session.client("stepfunctions")

    def machine(kind: str, definition: str) -> str:
        made = client.create_state_machine(name=f"workflow-test-{suffix}-{kind}", definition=definition, roleArn=role)
        return str(made["stateMachineArn"])

    def with_a_second_for(*waits: str) -> str:
        definition = json.loads(text)
        for wait in waits:
            definition["States"][wait]["TimeoutSeconds"] = 1
        return json.dumps(definition)

    _scale_waits(engine.endpoint, 0)
    yield OrderWorkflow(
        table,
        client,
        patient=machine("patient", text),
        hasty=machine("hasty", with_a_second_for("Await restaurant decision", "Await completion")),
        hasty_completion=machine("hasty-completion", with_a_second_for("Await completion")),
    )
    _scale_waits(engine.endpoint, 1)


def _impatient(definition: dict[str, Any]) -> dict[str, Any]:
    """As often as the file says, but a second apart: the shortest that Step Functions knows."""
    retries = (retry for state in definition["States"].values() for retry in state.get("Retry", ()))
    for retry in retries:
        if "IntervalSeconds" in retry:
            retry |= {"IntervalSeconds": 1, "BackoffRate": 1}
    return definition


def _scale_waits(endpoint: str, factor: float) -> None:
    """The embedded engine can do without the intervals between retries."""
    if is_embedded():
        httpx.post(f"{endpoint}/_ministack/config", json={"stepfunctions._SFN_WAIT_SCALE": factor})


def _zipped(source: Path) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.write(source, source.name)
    return buffer.getvalue()
