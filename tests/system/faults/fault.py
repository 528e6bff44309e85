"""Breaks a function on purpose. Runs inside the engine, in front of the real handler, which knows nothing of it.

Where one function runs all steps, it stands in front of each of them.

The plan is an item of a table: for somebody's orders (or one Idempotency-Key) and a step (the handler's name), what
goes wrong and how often.
    raise                     the function fails before it does anything
    hold                      the function waits until the plan is withdrawn
    refuse OPERATION          AWS refuses that call
    drop OPERATION            the call gets lost: it seems to succeed
    refuse entry              PutEvents takes all entries but the first
    die after OPERATION       the process is gone right after that call
Of calls to DynamoDB, those to the table of orders are meant.
"""

import importlib
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import boto3
from botocore.client import BaseClient
from botocore.exceptions import ClientError

REAL = os.environ["FAULT_HANDLER"]
STEP = REAL.split(".")[-2]
HOLD_SECONDS = 15
# what wakes a workflow up, by the one name of it that plans have
AKA = {"SendDurableExecutionCallbackSuccess": "SendTaskSuccess"}
_call = BaseClient._make_api_call  # type: ignore[attr-defined]


def handler(event: dict[str, Any], context: Any) -> Any:
    return _real()(event, context)


@cache
def _real() -> Any:
    module = importlib.import_module(REAL.rpartition(".")[0])
    if STEP != "process_order":
        return _breakable(module.handler, STEP)
    tasks = importlib.import_module("examples.durable_orders.steps").TASKS
    tasks |= {name: _breakable(task, name) for name, task in tasks.items()}
    return module.handler


def _breakable(real: Any, step: str) -> Any:
    def run(event: dict[str, Any], context: Any) -> Any:
        plan = {"plan": {"S": f"{_whose(event)} {step}"}}
        with _injected(_next(plan), plan):
            return real(event, context)

    return run


def _whose(event: dict[str, Any]) -> str | None:
    """Return the key of an order's plan: its customer's id, or its Idempotency-Key while it is being placed."""
    if "Records" in event:
        detail = json.loads(event["Records"][0]["body"])["detail"]
        ended = detail.get("name") or detail.get("durableExecutionName")  # of an execution, named by its order
        order_id = detail["data"]["order_id"] if "data" in detail else ended
    else:
        order_id = event.get("order_id") or (event.get("pathParameters") or {}).get("order_id")
    if not order_id:
        headers = event.get("headers") or {}
        return next((value for name, value in headers.items() if name.lower() == "idempotency-key"), None)
    order = _dynamodb().get_item(
        TableName=os.environ["ORDERS_TABLE"], Key={"order_id": {"S": order_id}}, ConsistentRead=True
    )
    return str(order["Item"]["customer_id"]["S"]) if "Item" in order else None


def _next(plan: dict[str, Any]) -> str:
    """Return the fault of this call, if any is planned, and count it."""
    try:
        counted = _dynamodb().update_item(
            TableName=os.environ["FAULT_TABLE"],
            Key=plan,
            UpdateExpression="ADD times :less",
            ConditionExpression="times > :none",
            ExpressionAttributeValues={":less": {"N": "-1"}, ":none": {"N": "0"}},
            ReturnValues="ALL_NEW",
        )
    except _dynamodb().exceptions.ConditionalCheckFailedException:
        return ""
    return str(counted["Attributes"]["what"]["S"])


@contextmanager
def _injected(what: str, plan: dict[str, Any]) -> Iterator[None]:
    if what == "raise":
        raise RuntimeError(f"{STEP} fails on purpose")
    if what == "hold":
        _wait_for_the_withdrawal_of(plan)
    kind, _, operation = what.rpartition(" ")

    def call(client: Any, name: str, arguments: dict[str, Any]) -> Any:
        meant = AKA.get(name, name) == operation and arguments.get("TableName") in (None, os.environ["ORDERS_TABLE"])
        if kind == "refuse" and meant:
            raise ClientError({"Error": {"Code": "RefusedOnPurpose", "Message": "no"}}, name)
        if kind == "drop" and meant:
            return {}
        if what == "refuse entry" and name == "PutEvents":
            return _all_but_the_first(client, arguments)
        answer = _call(client, name, arguments)
        if kind == "die after" and meant:
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


def _wait_for_the_withdrawal_of(plan: dict[str, Any]) -> None:
    deadline = time.monotonic() + HOLD_SECONDS
    while "Item" in _dynamodb().get_item(TableName=os.environ["FAULT_TABLE"], Key=plan, ConsistentRead=True):
        if time.monotonic() > deadline:
            raise TimeoutError(f"{STEP} was held and never let go")
        time.sleep(0.05)


@cache
def _dynamodb() -> Any:
    return boto3.client("dynamodb")
