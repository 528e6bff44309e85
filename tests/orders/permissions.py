"""Scenarios that use every permission of the functions of orders, one per function."""

import json
from typing import Any
from uuid import uuid4

from takeaway.facts import facts_of
from takeaway.run.client.system import System
from tests.fakes.people import Customer, Restaurant, eventually
from tests.system.iam.calls import Call, Scenario, sqs_batch
from tests.system.iam.placed import order_for

STEPS = [*facts_of("orders").steps]


def step(name: str) -> Scenario:
    def scenario(system: System, call: Call) -> None:
        call({"order_id": order_for(system, name)})

    return scenario


def close_order(system: System, call: Call) -> None:
    ended = {"detail": {"name": order_for(system, "close_order"), "status": "ABORTED"}}
    assert call(sqs_batch(json.dumps(ended))) == {"batchItemFailures": []}


def reconcile_orders(system: System, call: Call) -> None:
    """Stop an execution while its event is not delivered; its order is found open, and closed."""
    order_id, events = order_for(system, "close_order"), system.target.client("events")
    rule = f"{system.target.prefix}-orders-closing-execution-ended"
    events.disable_rule(Name=rule)
    try:
        machine = system.stacks.output("orders", "StateMachineArn")
        started = {"name": order_id, "input": json.dumps({"order_id": order_id})}
        system.target.client("stepfunctions").start_execution(stateMachineArn=machine, **started)
        system.workflow.stop(order_id, why="a test")
    finally:
        events.enable_rule(Name=rule)
    assert call({"grace_seconds": 0})["open"] >= 1
    eventually(lambda: not system.kept(order_id).is_open, f"{order_id} is closed")


def api(system: System, _call: Call) -> None:
    """Place an order, see it in both lists, accept it: the workflow is told, or the loss of that is logged."""
    customer, restaurant = Customer(system, f"customer-{uuid4().hex[:8]}"), Restaurant(system)

    def asked(method: str, path: str, token: str, **more: Any) -> Any:
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": more.pop("key", "")}
        return system.api.request(method, path, headers=headers, **more).raise_for_status().json()

    key = str(uuid4())
    order_id = asked("POST", "", customer.token, key=key, json=customer.order())["order_id"]
    again = asked("POST", "", customer.token, key=key, json=customer.order())["order_id"]
    assert again == order_id, (again, order_id)
    for token in (customer.token, restaurant.token):  # the restaurant sees the order once the workflow has placed it
        eventually(lambda token=token: listed(order_id, asked("GET", "", token)), f"{order_id} is listed")
    eventually(lambda: "decision_token" in item(system, order_id), "the workflow waits")
    asked("POST", f"/{order_id}/accept", restaurant.token)
    told = eventually(lambda: accepted(system, order_id) or callback_lost(system, order_id), "the workflow goes on")
    assert told == "accepted", told


def listed(order_id: str, page: dict[str, Any]) -> bool:
    return order_id in {each["order_id"] for each in page["orders"]}


def item(system: System, order_id: str) -> dict[str, Any]:
    table, key = system.stacks.output("orders", "OrdersTable"), {"order_id": {"S": order_id}}
    return dict(system.target.client("dynamodb").get_item(TableName=table, Key=key, ConsistentRead=True)["Item"])


def accepted(system: System, order_id: str) -> str | None:
    return "accepted" if system.kept(order_id).status == "ACCEPTED" else None


def callback_lost(system: System, order_id: str) -> str | None:
    group = f"/aws/lambda/{system.target.prefix}-orders-api"
    logged = system.target.client("logs").filter_log_events(logGroupName=group, filterPattern="callback")["events"]
    return "lost" if any(order_id in each["message"] for each in logged) else None


def _steps(names: list[str]) -> dict[str, Scenario]:
    return {f"orders-{name.replace('_', '-')}": step(name) for name in names}


# Each scenario has an order of its own, so they may run side by side.
LANES = [
    _steps(STEPS[::2]),
    _steps(STEPS[1::2]),
    {"orders-close-order": close_order, "orders-api": api},
    {"orders-reconcile-orders": reconcile_orders},
]
