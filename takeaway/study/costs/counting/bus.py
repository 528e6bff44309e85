"""Bring published events to the listeners' queues, and the queues' messages to their functions."""

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from moto.events.models import EventPattern

from takeaway.check.templates.resolved import Resource
from takeaway.check.templates.stack import EVENT_RULE, EVENT_SOURCE, QUEUE, SUBSCRIPTION
from takeaway.study.costs.counting.account import Account, Crashed, chunks
from takeaway.study.costs.counting.tally import DELIVERY, Batches, Tally

DEFAULT_BUS = None
SIZES = (1, 2, 5, 10, 20, 50, 100, 200, 500)  # the batch sizes that are counted
RECEIVE_AND_DELETE = 2  # Lambda's requests for a batch of one message


@dataclass
class Consumers:
    """Delivers messages. A consumer without a batching window gets each alone, which costs most: as on quiet days.

    Messages for the others are `kept`, to count later what a batch costs.
    """

    account: Account
    kept: dict[str, list[str]] = field(default_factory=dict)

    def settle(self) -> None:
        """Deliver until no event or message is left."""
        while self.account.events or self.account.messages:
            events, self.account.events = self.account.events, []
            messages, self.account.messages = self.account.messages, []
            for event in events:
                self._route(event, event["bus"])
            for message in messages:
                self._fan_out(message)

    def execution_ended(self, source: str, kind: str, detail: dict[str, str]) -> None:
        """Deliver a service's event about an execution's end, which is free, from the default bus."""
        self._route({"source": source, "detail-type": kind, "detail": detail}, DEFAULT_BUS)
        self.settle()

    def batches(self) -> Iterator[Batches]:
        for mapping in self.account.deployed.of(EVENT_SOURCE):
            queue = self.account.deployed.named(QUEUE, mapping.properties["EventSourceArn"])
            if bodies := self.kept.get(queue.name):
                largest = int(mapping.properties["BatchSize"])
                window = int(mapping.properties["MaximumBatchingWindowInSeconds"])
                calls = {size: self._batch(mapping, bodies, size) for size in SIZES if size <= largest}
                yield Batches(self.account.deployed.without_stage(queue.name), window, largest, calls)

    def _batch(self, mapping: Resource, bodies: list[str], size: int) -> Tally:
        with self.account.meter.counting() as tally:
            several = [_again(bodies[number % len(bodies)]) for number in range(size)]
            self.account.invoke(mapping.properties["FunctionName"], _records(several))
            return tally

    def _route(self, event: dict[str, Any], bus: str | None) -> None:
        for rule in self.account.deployed.of(EVENT_RULE):
            pattern = rule.properties.get("EventPattern")
            listens = pattern is not None and rule.properties.get("EventBusName") == bus
            if listens and EventPattern(json.dumps(pattern), pattern).matches_event(event):  # type: ignore[arg-type]
                for target in rule.properties["Targets"]:
                    self.account.meter.tally.calls[DELIVERY] += 1
                    self._send(target["Arn"], json.dumps(event))

    def _fan_out(self, message: dict[str, Any]) -> None:
        notification = {"Type": "Notification", "MessageId": str(uuid4()), "Message": message["Message"]}
        for subscription in self.account.deployed.of(SUBSCRIPTION):
            topic = str(subscription.properties["TopicArn"]).rpartition(":")[2]
            if topic == message["TopicArn"]:
                self._send(subscription.properties["Endpoint"], json.dumps(notification))

    def _send(self, queue_name: str, body: str) -> None:
        queue = self.account.deployed.named(QUEUE, queue_name)
        with self.account.meter.paid_by(queue.context):
            self.account.meter.add(queue_requests=chunks(body))
        self.account.meter.tally.messages[self.account.deployed.without_stage(queue.name)] += 1
        for mapping in self.account.deployed.of(EVENT_SOURCE):
            if mapping.properties["EventSourceArn"] == queue.name:
                if mapping.properties.get("MaximumBatchingWindowInSeconds"):
                    self.kept.setdefault(queue.name, []).append(body)
                else:
                    self._deliver(mapping, queue, body)

    def _deliver(self, mapping: Resource, queue: Resource, body: str) -> None:
        """Call the consumer until it succeeds, or until the message has become a dead letter."""
        for _ in range(int(queue.properties["RedrivePolicy"]["maxReceiveCount"])):
            with self.account.meter.paid_by(queue.context):
                self.account.meter.add(queue_requests=RECEIVE_AND_DELETE)
            try:
                failed = self.account.invoke(mapping.properties["FunctionName"], _records([body]))
            except Crashed:
                continue
            if not failed["batchItemFailures"]:
                return


def _records(bodies: list[str]) -> dict[str, Any]:
    attributes = {"ApproximateReceiveCount": "1", "SentTimestamp": str(int(time.time() * 1000))}
    common = {"eventSource": "aws:sqs", "attributes": attributes}
    return {"Records": [{"messageId": str(uuid4()), "body": body, **common} for body in bodies]}


def _again(body: str) -> str:
    """Copy a message with new ids, as if it were about another order."""
    metadata = json.loads(body).get("detail", {}).get("metadata", {})
    for id_ in {metadata.get("event_id"), metadata.get("correlation_id")} - {None}:
        body = body.replace(id_, str(uuid4()))
    return body
