"""How a scenario calls the function that it is for: as deployed, past queues and workflow."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from takeaway.run.client.system import System

Call = Callable[[dict[str, Any]], Any]  # with an event; what the function answers
Scenario = Callable[[System, Call], None]  # raises when anything of it does not happen


def sqs_batch(*bodies: str) -> dict[str, Any]:
    """As it comes from a queue."""
    attributes = {"ApproximateReceiveCount": "1", "SentTimestamp": "1790000000000"}
    message = {"eventSource": "aws:sqs", "receiptHandle": "-", "attributes": attributes, "messageAttributes": {}}
    return {"Records": [{**message, "messageId": str(uuid4()), "body": body} for body in bodies]}
