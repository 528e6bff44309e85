"""A message that can't be read fails alone, on the engine: in promotions and in the console."""

import json
from typing import Any
from uuid import uuid4

import pytest

from shared import schema_tools
from takeaway.run.client.system import System

pytestmark = pytest.mark.engine
NEVER = ("9999-12-31T23:59:59.000-01:00", "0001-01-01T00:00:00.000+02:00")


def completed(**data: Any) -> dict[str, Any]:
    """Return the event of an order that does not exist, in a currency that earns no voucher."""
    event = schema_tools.example("order_completed")
    event["detail"]["metadata"]["event_id"] = str(uuid4())
    total = {"amount": 100, "currency": "XCG"}
    event["detail"]["data"] |= {"order_id": str(uuid4()), "customer_id": str(uuid4()), "total": total, **data}
    return event


def happened(at: str) -> dict[str, Any]:
    event = completed()
    event["detail"]["metadata"]["occurred_at"] = at
    return event


def test_what_nothing_can_be_made_of_fails_alone(system: System) -> None:
    poison = [*map(happened, NEVER), completed(order_id="x" * 2049), completed(order_id="")]
    bodies = [*map(json.dumps, [completed(), *poison, completed()]), "[" * 100_000]
    sent = {"SentTimestamp": "1795435200000"}
    records = [
        {"messageId": str(number), "body": body, "eventSource": "aws:sqs", "attributes": sent}
        for number, body in enumerate(bodies)
    ]
    bad = [str(number) for number in range(1, len(bodies)) if number != len(poison) + 1]
    for context in ("promotions", "console"):
        function = system.stacks.output(context, "FunctionName")
        answer = system.target.client("lambda").invoke(FunctionName=function, Payload=json.dumps({"Records": records}))
        said = json.loads(answer["Payload"].read())
        assert "FunctionError" not in answer, f"{context}: {said}"
        assert [each["itemIdentifier"] for each in said["batchItemFailures"]] == bad, context
