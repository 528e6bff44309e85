"""Sees what leaves orders: every event on its bus and every message to its restaurants, by queues of its own."""

import json
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock
from typing import Any

from takeaway.client.system import System
from takeaway.facts import facts_of


@dataclass(frozen=True)
class Event:
    """One delivery of an event on the bus."""

    id: str
    type: str
    cause: str | None
    occurred_at: datetime


@dataclass
class Witness:
    """What was seen is kept, by order."""

    queues: Any
    events_queue: str
    messages_queue: str
    _events: dict[str, list[Event]] = field(default_factory=lambda: defaultdict(list))
    _messages: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    _lock: Lock = field(default_factory=Lock)

    @classmethod
    def of(cls, system: System) -> "Witness":
        target = system.target
        queues, bus = target.client("sqs"), target.client("events")
        everything = json.dumps({"source": [facts_of("orders").source]})
        urls = []
        for kind in ("events", "messages"):
            url = queues.create_queue(QueueName=f"{target.prefix}-comparing-{kind}")["QueueUrl"]
            arn = queues.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
            everyone = {"Effect": "Allow", "Principal": "*", "Action": "sqs:SendMessage", "Resource": arn}
            policy = json.dumps({"Version": "2012-10-17", "Statement": [everyone]})
            queues.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})
            urls.append((url, arn))
        (events, events_arn), (messages, messages_arn) = urls
        rule = f"{target.prefix}-comparing"
        bus.put_rule(Name=rule, EventBusName=target.prefix, EventPattern=everything)
        bus.put_targets(Rule=rule, EventBusName=target.prefix, Targets=[{"Id": "queue", "Arn": events_arn}])
        topic = system.stacks.output("orders", "RestaurantsTopicArn")
        target.client("sns").subscribe(
            TopicArn=topic, Protocol="sqs", Endpoint=messages_arn, Attributes={"RawMessageDelivery": "true"}
        )
        return cls(queues, events, messages)

    def events(self, order_id: str) -> list[Event]:
        """Every delivery so far, in the order of coming."""
        with self._lock:
            for body in self._received(self.events_queue):
                metadata, data = body["detail"]["metadata"], body["detail"]["data"]
                self._events[data["order_id"]].append(
                    Event(
                        metadata["event_id"],
                        body["detail-type"],
                        metadata["causation_id"],
                        datetime.fromisoformat(metadata["occurred_at"]),
                    )
                )
            return list(self._events[order_id])

    def types(self, order_id: str) -> list[str]:
        """The events that were seen, each once."""
        return list(dict.fromkeys(event.type for event in self.events(order_id)))

    def messages(self, order_id: str) -> int:
        """How many messages a restaurant got about that order."""
        with self._lock:
            for body in self._received(self.messages_queue):
                self._messages[body["order_id"]] += 1
            return self._messages[order_id]

    def _received(self, url: str) -> list[dict[str, Any]]:
        bodies = []
        while got := self.queues.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
            done = [{"Id": str(number), "ReceiptHandle": each["ReceiptHandle"]} for number, each in enumerate(got)]
            self.queues.delete_message_batch(QueueUrl=url, Entries=done)
            bodies += [json.loads(message["Body"]) for message in got]
        return bodies
