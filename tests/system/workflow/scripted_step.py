"""A stand-in for a step's function: follows the script in the order's item, call by call. Runs inside the engine."""

import json
import os
from typing import Any

import boto3

TABLE = boto3.resource("dynamodb").Table(os.environ["TABLE"])
STEP = os.environ["STEP"]


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    item = TABLE.update_item(
        Key={"order_id": event["order_id"]},
        UpdateExpression="ADD calls.#step :one",
        ExpressionAttributeNames={"#step": STEP},
        ExpressionAttributeValues={":one": 1},
        ReturnValues="ALL_NEW",
    )["Attributes"]
    outcomes = json.loads(item["script"]).get(STEP, [])
    call = int(item["calls"][STEP]) - 1
    outcome = outcomes[min(call, len(outcomes) - 1)] if outcomes else {}
    print(json.dumps({"step": STEP, "call": call, "outcome": outcome}))
    if outcome == "fails":
        raise RuntimeError(f"{STEP} fails, as it was told to")
    return {"status": "PLACED", "decision": None, "completion": None, **outcome}
