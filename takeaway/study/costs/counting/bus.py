"""Brings what was published to the queues of those who listen, and what is in the queues to their functions."""

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import uuid4

from moto.events.models import EventPattern

from takeaway.check.templates.resolved import Deployed, Resource
from takeaway.study.costs.counting.account import Account, chunks
from takeaway.study.costs.counting.functions import DELIVERY, MAPPING, Crashed, Functions
from takeaway.study.costs.counting.tally import Batches, Tally
from takeaway.study.costs.units import Units

RULE, QUEUE, SUBSCRIPTION = "AWS::Events::Rule", "AWS::SQS::Queue", "AWS::SNS::Subscription"
DEFAULT_BUS = None
SIZES = (1, 2, 5, 10, 20, 50, 100, 200, 500)  # of batches that are tried
RECEIVE_AND_DELETE = Decimal(2)  # requests of Lambda for a message that comes alone


@dataclass
class Consumers:
    """A consumer without a batching window gets each message alone, at once: the dearest way, and that of quiet days.

    What the others would get is `kept`, to see what a batch costs them.
    """

    deployed: Deployed
    functions: Functions
    account: Account
    kept: dict[str, list[str]] = field(default_factory=dict)

    def settle(self) -> None:
        """Until nothing is on its way any more."""
        while self.account.events or self.account.messages:
            events, self.account.events = self.account.events, []
            messages, self.account.messages = self.account.messages, []
            for event in events:
                self._route(event, event["bus"])
            for message in messages:
                self._fan_out(message)

    def execution_ended(self, machine: str, order_id: str, status: str) -> None:
        """The service tells the default bus of it, free of charge."""
        detail = {"stateMachineArn": machine, "name": order_id, "status": status}
        kind = "Step Functions Execution Status Change"
        self._route({"source": "aws.states", "detail-type": kind, "detail": detail}, DEFAULT_BUS)
        self.settle()

    def batches(self) -> Iterator[Batches]:
        for mapping in self.deployed.of(MAPPING):
            queue = self.deployed.named(QUEUE, mapping.properties["EventSourceArn"])
            if bodies := self.kept.get(queue.name):
                largest = int(mapping.properties["BatchSize"])
                yield Batches(
                    queue=self.deployed.without_stage(queue.name),
                    largest=largest,
                    window_seconds=int(mapping.properties["MaximumBatchingWindowInSeconds"]),
                    calls={size: self._batch(mapping, bodies, size) for size in SIZES if size <= largest},
                )

    def _batch(self, mapping: Resource, bodies: list[str], size: int) -> Tally:
        with self.functions.counting() as tally:
            several = [_again(bodies[number % len(bodies)]) for number in range(size)]
            self.functions.invoke(mapping.properties["FunctionName"], _records(several))
            return tally

    def _route(self, event: dict[str, Any], bus: str | None) -> None:
        body = json.dumps(event)
        for rule in self.deployed.of(RULE):
            pattern = rule.properties.get("EventPattern")
            listens = pattern is not None and rule.properties.get("EventBusName") == bus
            if listens and _matches(pattern, event):
                for target in rule.properties["Targets"]:
                    self.functions.called(DELIVERY)
                    self._send(target["Arn"], body)

    def _fan_out(self, message: dict[str, Any]) -> None:
        notification = {"Type": "Notification", "MessageId": str(uuid4()), "Message": message["Message"]}
        for subscription in self.deployed.of(SUBSCRIPTION):
            topic = str(subscription.properties["TopicArn"]).rpartition(":")[2]
            if topic == message["TopicArn"]:
                self._send(subscription.properties["Endpoint"], json.dumps(notification))

    def _send(self, queue_name: str, body: str) -> None:
        queue = self.deployed.named(QUEUE, queue_name)
        name = self.deployed.without_stage(queue.name)
        with self.functions.paid_by(queue.context):
            self.functions.add(Units(queue_requests=chunks(body)))
        self.functions.tally.messages[name] += 1
        for mapping in self.deployed.of(MAPPING):
            if mapping.properties["EventSourceArn"] == queue.name:
                if mapping.properties.get("MaximumBatchingWindowInSeconds"):
                    self.kept.setdefault(queue.name, []).append(body)
                else:
                    self._deliver(mapping, queue, body)

    def _deliver(self, mapping: Resource, queue: Resource, body: str) -> None:
        """Until it is done, or until the queue gives it up."""
        for _ in range(int(queue.properties["RedrivePolicy"]["maxReceiveCount"])):
            with self.functions.paid_by(queue.context):
                self.functions.add(Units(queue_requests=RECEIVE_AND_DELETE))
            try:
                failed = self.functions.invoke(mapping.properties["FunctionName"], _records([body]))
            except Crashed:
                continue
            if not failed["batchItemFailures"]:
                return


def _matches(pattern: Any, event: Any) -> bool:
    return bool(EventPattern(json.dumps(pattern), pattern).matches_event(event))


def _records(bodies: list[str]) -> dict[str, Any]:
    now = str(int(time.time() * 1000))
    attributes = {"ApproximateReceiveCount": "1", "SentTimestamp": now}
    return {
        "Records": [
            {"messageId": str(uuid4()), "eventSource": "aws:sqs", "attributes": attributes, "body": body}
            for body in bodies
        ]
    }


def _again(body: str) -> str:
    """The same, as it would be of another order."""
    event = json.loads(body)
    metadata = event.get("detail", {}).get("metadata", {})
    for id_ in {metadata.get("event_id"), metadata.get("correlation_id")} - {None}:
        body = body.replace(id_, str(uuid4()))
    return body
