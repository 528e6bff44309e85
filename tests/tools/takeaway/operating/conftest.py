"""A context that listens, as its stack's outputs describe it: its queues in moto, its function a fake."""

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto import mock_aws

from takeaway import waiting
from takeaway.run.client import dead_letters, queues
from takeaway.run.client.queues import Queue
from takeaway.run.client.subscription import Subscription
from takeaway.run.client.target import Target
from takeaway.run.engine.home import Home
from tests.fakes.operating import FakeFunctions


@pytest.fixture(autouse=True)
def without_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queues, "WAIT_SECONDS", 0)
    for module in (waiting, dead_letters):
        monkeypatch.setattr(module, "POLL_SECONDS", 0)


@pytest.fixture(scope="module")
def aws() -> Iterator[dict[str, Any]]:
    """Return clients by service, made once because that takes longer than most of these tests."""
    with pytest.MonkeyPatch.context() as environment, mock_aws():
        environment.delenv("AWS_ENDPOINT_URL", raising=False)
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_DEFAULT_REGION"):
            environment.setenv(name, "eu-west-1" if name.endswith("REGION") else "test")
        yield {service: boto3.client(service) for service in ("sqs", "logs", "cloudwatch")}  # type: ignore[call-overload]


@pytest.fixture
def sqs(aws: dict[str, Any]) -> Any:
    return aws["sqs"]


@pytest.fixture
def subscription(aws: dict[str, Any], sqs: Any, tmp_path: Path) -> Iterator[Subscription]:
    """Return a subscription with a single try, after which a message is a dead letter."""
    dead_letters = Queue(sqs, sqs.create_queue(QueueName="loyalty-dlq")["QueueUrl"])
    policy = json.dumps({"deadLetterTargetArn": dead_letters.arn, "maxReceiveCount": 1})
    attributes = {"VisibilityTimeout": "0", "RedrivePolicy": policy}
    queue = Queue(sqs, sqs.create_queue(QueueName="loyalty", Attributes=attributes)["QueueUrl"])
    target = Target(Home(tmp_path), _clients={**aws, "lambda": FakeFunctions()})
    yield Subscription(target, "loyalty", queue, dead_letters, function="count-points", rule="loyalty-rule")
    for each in (queue, dead_letters):
        sqs.delete_queue(QueueUrl=each.url)


def given(subscription: Subscription, *, service: str, client: Any) -> Subscription:
    """Return the same subscription with another client for one service."""
    target = replace(subscription.target, _clients={**subscription.target._clients, service: client})
    if service != "sqs":
        return replace(subscription, target=target)
    queue, dead_letters = (replace(each, client=client) for each in (subscription.queue, subscription.dead_letters))
    return replace(subscription, target=target, queue=queue, dead_letters=dead_letters)


def put(queue: Queue, *bodies: str, **attributes: str) -> list[str]:
    """Send messages with these attributes. Returns their ids."""
    typed = {name: {"DataType": "String", "StringValue": value} for name, value in attributes.items()}
    return [
        queue.client.send_message(QueueUrl=queue.url, MessageBody=body, MessageAttributes=typed)["MessageId"]
        for body in bodies
    ]


GROUP = "/log/of/count-points"


@pytest.fixture
def log(aws: dict[str, Any]) -> Iterator[Callable[..., None]]:
    """Return a function that writes lines into the function's log; each call has a stream of its own."""
    logs = aws["logs"]

    def write(*lines: dict[str, Any] | str, ago: float = 0, group: str = GROUP) -> None:
        if not logs.describe_log_groups(logGroupNamePrefix=group)["logGroups"]:
            logs.create_log_group(logGroupName=group)
        stream, now = f"stream-{time.monotonic_ns()}", int((time.time() - ago) * 1000)
        logs.create_log_stream(logGroupName=group, logStreamName=stream)
        texts = [line if isinstance(line, str) else json.dumps(line) for line in lines]
        events = [{"timestamp": now + number, "message": text} for number, text in enumerate(texts)]
        logs.put_log_events(logGroupName=group, logStreamName=stream, logEvents=events)

    yield write
    for group in logs.describe_log_groups()["logGroups"]:
        logs.delete_log_group(logGroupName=group["logGroupName"])


def bodies(queue: Queue) -> list[str]:
    """Return all messages that can be received now, and leave them in the queue."""
    with queue.held() as held:
        return sorted(message.body for batch in held.batches() for message in batch)
