"""Sees what the system does: what is delivered on the bus, delivery by delivery, and where a workflow stands."""

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from takeaway.client.system import System
from tests.fakes.people import eventually

DECIDES, DELIVERS = "Await restaurant decision", "Await completion"
COMPLETED = ["order_placed", "restaurant_notified", "order_accepted", "user_notified", "order_completed"]
TERMINAL = {"order_completed", "order_rejected", "order_expired", "order_cancelled", "order_timed_out", "order_failed"}


def states(system: System, order_id: str) -> list[str]:
    """The states that its workflow has entered, and how it ended."""
    return [step.name for step in system.workflow.steps(order_id)]


def waits(system: System, order_id: str, state: str) -> None:
    """Until the workflow waits in that state and can be woken up."""
    token = "decision_token" if state == DECIDES else "completion_token"
    table, key = system.stacks.output("orders", "OrdersTable"), {"order_id": {"S": order_id}}
    database = system.target.client("dynamodb")
    eventually(
        lambda: token in database.get_item(TableName=table, Key=key, ConsistentRead=True)["Item"],
        f"the workflow of {order_id} waits in {state}",
    )


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
        """What was delivered of an order so far: the events' type, id and detail."""
        queues = self.system.target.client("sqs")
        while got := queues.receive_message(QueueUrl=self.queue, MaxNumberOfMessages=10).get("Messages"):
            for message in got:
                event = json.loads(message["Body"])
                metadata, data = event["detail"]["metadata"], event["detail"]["data"]
                delivery = {"type": event["detail-type"], "id": metadata["event_id"], "detail": event["detail"]}
                self.seen[data["order_id"]].append(delivery)
            done = [{"Id": str(number), "ReceiptHandle": each["ReceiptHandle"]} for number, each in enumerate(got)]
            queues.delete_message_batch(QueueUrl=self.queue, Entries=done)
        return self.seen[order_id]

    def ids(self, order_id: str, event_type: str) -> list[str]:
        """The id of each delivery of that event."""
        return [delivery["id"] for delivery in self.deliveries(order_id) if delivery["type"] == event_type]

    def types(self, order_id: str, last: str) -> list[str]:
        """The events that were delivered, each once and in their order, as soon as `last` is among them."""
        eventually(lambda: self.ids(order_id, last), f"{last} of {order_id} on the bus")
        return list(dict.fromkeys(delivery["type"] for delivery in self.deliveries(order_id)))
