"""A queue that gets every event of a deployed bus, and checks each against its schema as it is received."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from takeaway.run.client.target import Target
from tests.fakes.bus import keeps_its_contract

EVERYTHING = {"source": [{"prefix": "takeaway."}]}


def queue_for_rules(queues: Any, name: str) -> tuple[str, str]:
    """Make a queue to which rules may send. Returns its URL and ARN."""
    url: str = queues.create_queue(QueueName=name)["QueueUrl"]
    arn: str = queues.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    rules = {"Effect": "Allow", "Principal": {"Service": "events.amazonaws.com"}, "Action": "sqs:SendMessage"}
    policy = {"Version": "2012-10-17", "Statement": [{**rules, "Resource": arn}]}
    queues.set_queue_attributes(QueueUrl=url, Attributes={"Policy": json.dumps(policy)})
    return url, arn


@dataclass(frozen=True)
class BusQueue:
    target: Target
    url: str
    rule: str

    @classmethod
    def of(cls, target: Target, name: str) -> "BusQueue":
        queues, events = target.client("sqs"), target.client("events")
        rule = f"{target.prefix}-{name}"
        url, arn = queue_for_rules(queues, rule)
        events.put_rule(Name=rule, EventBusName=target.prefix, EventPattern=json.dumps(EVERYTHING))
        events.put_targets(Rule=rule, EventBusName=target.prefix, Targets=[{"Id": "queue", "Arn": arn}])
        return cls(target, url, rule)

    def received(self) -> Iterator[dict[str, Any]]:
        """Yield each event that was delivered since the last call."""
        queues = self.target.client("sqs")
        while got := queues.receive_message(QueueUrl=self.url, MaxNumberOfMessages=10).get("Messages"):
            done = [{"Id": str(number), "ReceiptHandle": each["ReceiptHandle"]} for number, each in enumerate(got)]
            queues.delete_message_batch(QueueUrl=self.url, Entries=done)  # type: ignore[arg-type]
            for message in got:
                event = json.loads(message["Body"])
                keeps_its_contract(event)
                yield event
