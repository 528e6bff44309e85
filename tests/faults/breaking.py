"""Puts the fault in front of the deployed functions, plans what goes wrong, and sees what is delivered on the bus."""

import io
import json
import zipfile
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from takeaway.client.system import System

FAULT = Path(__file__).with_name("fault.py")
REPOSITORY = Path(__file__).parents[2]
# Whose functions are broken: all steps of the workflow, and the API for its callbacks.
BROKEN = ("place_order", "notify_restaurant", "accept_order", "notify_user", "complete_order", "fail_order", "api")


@dataclass(frozen=True)
class Plan:
    """What is to go wrong, by customer and step."""

    system: System
    table: str

    def goes_wrong(self, customer_id: str, step: str, what: str, *, times: int) -> None:
        item = {"plan": {"S": f"{customer_id} {step}"}, "what": {"S": what}, "times": {"N": str(times)}}
        self.system.target.client("dynamodb").put_item(TableName=self.table, Item=item)


def broken(system: System) -> Plan:
    """Every function of BROKEN gets the fault in front of it; without a plan it does nothing."""
    name = f"{system.target.prefix}-faults"
    system.target.client("dynamodb").create_table(
        TableName=name,
        KeySchema=[{"AttributeName": "plan", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "plan", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    functions, code = system.target.client("lambda"), _bundle()
    for step in BROKEN:
        function = f"{system.target.prefix}-orders-{step.replace('_', '-')}"
        now = functions.get_function_configuration(FunctionName=function)
        settings = {**now["Environment"]["Variables"], "FAULT_TABLE": name, "FAULT_HANDLER": now["Handler"]}
        functions.update_function_code(FunctionName=function, ZipFile=code)
        functions.update_function_configuration(
            FunctionName=function, Handler="fault.handler", Environment={"Variables": settings}
        )
    return Plan(system, name)


def _bundle() -> bytes:
    """The code of orders as it is deployed, and the fault."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(FAULT, FAULT.name)
        archive.write(REPOSITORY / "contexts/__init__.py", "contexts/__init__.py")
        for path in (REPOSITORY / "contexts/orders").rglob("*.*"):
            if path.suffix in (".py", ".json") and "infrastructure" not in path.parts:
                archive.write(path, path.relative_to(REPOSITORY))
    return buffer.getvalue()


@dataclass
class Witness:
    """A queue that gets everything that is delivered on the bus, each delivery of an event by itself."""

    system: System
    queue: str
    seen: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))

    @classmethod
    def of(cls, system: System) -> "Witness":
        queues, events = system.target.client("sqs"), system.target.client("events")
        bus, name = system.target.prefix, f"{system.target.prefix}-witness"
        url = queues.create_queue(QueueName=name)["QueueUrl"]
        arn = queues.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        events.put_rule(Name=name, EventBusName=bus, EventPattern=json.dumps({"source": ["takeaway.orders"]}))
        events.put_targets(Rule=name, EventBusName=bus, Targets=[{"Id": "witness", "Arn": arn}])
        return cls(system, url)

    def deliveries(self, order_id: str) -> Sequence[dict[str, Any]]:
        """What was delivered of an order so far: the events' type and id."""
        queues = self.system.target.client("sqs")
        while got := queues.receive_message(QueueUrl=self.queue, MaxNumberOfMessages=10).get("Messages"):
            for message in got:
                event = json.loads(message["Body"])
                metadata, data = event["detail"]["metadata"], event["detail"]["data"]
                self.seen[data["order_id"]].append({"type": event["detail-type"], "id": metadata["event_id"]})
                queues.delete_message(QueueUrl=self.queue, ReceiptHandle=message["ReceiptHandle"])
        return self.seen[order_id]

    def ids(self, order_id: str, event_type: str) -> list[str]:
        """The id of each delivery of that event."""
        return [delivery["id"] for delivery in self.deliveries(order_id) if delivery["type"] == event_type]
