"""The call of a function in a scenario: as deployed, past queues and workflow."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from takeaway.run.client.system import System

Call = Callable[[dict[str, Any]], Any]  # takes an event, returns the function's answer
Scenario = Callable[[System, Call], None]  # raises if any part of it fails


def sqs_batch(*bodies: str) -> dict[str, Any]:
    """Return a batch of messages as SQS delivers it to a function."""
    attributes = {"ApproximateReceiveCount": "1", "SentTimestamp": "1790000000000"}
    message = {"eventSource": "aws:sqs", "receiptHandle": "-", "attributes": attributes, "messageAttributes": {}}
    return {"Records": [{**message, "messageId": str(uuid4()), "body": body} for body in bodies]}
