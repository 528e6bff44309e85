"""Breaks a function on purpose. Runs inside the engine, in front of the real handler, which knows nothing of it.

The plan of a customer's orders is an item of a table: for a step (the handler's name) what goes wrong and how often.
    raise                     the function fails before it does anything
    refuse OPERATION          AWS refuses that call
    drop OPERATION            the call gets lost: it seems to succeed
    refuse entry              PutEvents takes all entries but the first
    die after OPERATION       the process is gone right after that call
"""

import importlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import boto3
from botocore.client import BaseClient
from botocore.exceptions import ClientError

REAL = os.environ["FAULT_HANDLER"]
STEP = REAL.split(".")[-2]
_call = BaseClient._make_api_call  # type: ignore[attr-defined]


def handler(event: dict[str, Any], context: Any) -> Any:
    real = importlib.import_module(REAL.rpartition(".")[0]).handler
    with _injected(_planned(event)):
        return real(event, context)


def _planned(event: dict[str, Any]) -> str:
    """What goes wrong in this call, if anything; each time it does counts."""
    order_id = event.get("order_id") or (event.get("pathParameters") or {}).get("order_id")
    if not order_id:
        return ""
    tables = boto3.resource("dynamodb")
    order = tables.Table(os.environ["ORDERS_TABLE"]).get_item(Key={"order_id": order_id}, ConsistentRead=True)
    plan = tables.Table(os.environ["FAULT_TABLE"])
    key = {"plan": f"{order.get('Item', {}).get('customer_id')} {STEP}"}
    try:
        counted = plan.update_item(
            Key=key,
            UpdateExpression="ADD times :less",
            ConditionExpression="times > :none",
            ExpressionAttributeValues={":less": -1, ":none": 0},
            ReturnValues="ALL_NEW",
        )
    except plan.meta.client.exceptions.ConditionalCheckFailedException:
        return ""
    return str(counted["Attributes"]["what"])


@contextmanager
def _injected(what: str) -> Iterator[None]:
    if what == "raise":
        raise RuntimeError(f"{STEP} fails on purpose")
    kind, _, operation = what.rpartition(" ")

    def call(client: Any, name: str, arguments: dict[str, Any]) -> Any:
        if kind == "refuse" and name == operation:
            raise ClientError({"Error": {"Code": "RefusedOnPurpose", "Message": "no"}}, name)
        if kind == "drop" and name == operation:
            return {}
        if what == "refuse entry" and name == "PutEvents":
            return _all_but_the_first(client, arguments)
        answer = _call(client, name, arguments)
        if kind == "die after" and name == operation:
            os._exit(1)
        return answer

    BaseClient._make_api_call = call  # type: ignore[attr-defined]
    try:
        yield
    finally:
        BaseClient._make_api_call = _call  # type: ignore[attr-defined]


def _all_but_the_first(client: Any, arguments: dict[str, Any]) -> dict[str, Any]:
    taken = arguments["Entries"][1:]
    entries = list(_call(client, "PutEvents", {"Entries": taken})["Entries"]) if taken else []
    return {"FailedEntryCount": 1, "Entries": [{"ErrorCode": "InternalFailure", "ErrorMessage": "no"}, *entries]}
