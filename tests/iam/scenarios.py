"""For each function the smallest thing that needs all of its role.

Those of a context that nobody else needs to know are in its own file, `of_<context>.py`, under the name FUNCTIONS.
"""

import json
from importlib import import_module
from pathlib import Path
from typing import Any
from uuid import uuid4

from shared import schema_tools
from takeaway.client.system import System
from takeaway.facts import facts_of
from tests.fakes.people import Customer, Restaurant, eventually
from tests.iam.calls import Call, Scenario, sqs_batch
from tests.iam.placed import order_for

STEPS = [*facts_of("orders").steps]
OF_A_CONTEXT = sorted(path.stem for path in Path(__file__).parent.glob("of_*.py"))


def step(name: str) -> Scenario:
    def scenario(system: System, call: Call) -> None:
        call({"order_id": order_for(system, name)})

    return scenario


def close_order(system: System, call: Call) -> None:
    ended = {"detail": {"name": order_for(system, "close_order"), "status": "ABORTED"}}
    assert call(sqs_batch(json.dumps(ended))) == {"batchItemFailures": []}


def api(system: System, _call: Call) -> None:
    """Placed, seen in both lists, accepted: and the workflow is told, or the loss of that is logged."""
    customer, restaurant = Customer(system, f"customer-{uuid4().hex[:8]}"), Restaurant(system)

    def asked(method: str, path: str, token: str, **more: Any) -> Any:
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": more.pop("key", "")}
        return system.api.request(method, path, headers=headers, **more).raise_for_status().json()

    key = str(uuid4())
    order_id = asked("POST", "", customer.token, key=key, json=customer.order())["order_id"]
    assert asked("POST", "", customer.token, key=key, json=customer.order())["order_id"] == order_id
    for token in (customer.token, restaurant.token):
        assert asked("GET", "", token)["orders"]
    eventually(lambda: "decision_token" in item(system, order_id), "the workflow waits")
    asked("POST", f"/{order_id}/accept", restaurant.token)
    told = eventually(lambda: accepted(system, order_id) or callback_lost(system, order_id), "the workflow goes on")
    assert told == "accepted"


def item(system: System, order_id: str) -> dict[str, Any]:
    table, key = system.stacks.output("orders", "OrdersTable"), {"order_id": {"S": order_id}}
    return dict(system.target.client("dynamodb").get_item(TableName=table, Key=key, ConsistentRead=True)["Item"])


def accepted(system: System, order_id: str) -> str | None:
    return "accepted" if system.kept(order_id).status == "ACCEPTED" else None


def callback_lost(system: System, order_id: str) -> str | None:
    group = f"/aws/lambda/{system.target.prefix}-orders-api"
    logged = system.target.client("logs").filter_log_events(logGroupName=group, filterPattern="callback")["events"]
    return "lost" if any(order_id in each["message"] for each in logged) else None


def issue_voucher(system: System, call: Call) -> None:
    """The second order of a customer earns more; and is delivered once more."""
    customer_id = f"customer-{uuid4().hex[:8]}"
    for _ in range(2):
        event = completed(customer_id)
        for _ in range(2):
            assert call(sqs_batch(event)) == {"batchItemFailures": []}
    assert all(voucher.emailed_at for voucher in system.vouchers.of_customer(customer_id))


def completed(customer_id: str) -> str:
    event = schema_tools.example("order_completed")
    total = {"amount": 2000, "currency": "EUR"}
    event["detail"]["data"] |= {"order_id": str(uuid4()), "customer_id": customer_id, "total": total}
    return json.dumps(event)


def record_activity(_system: System, call: Call) -> None:
    assert call(sqs_batch(json.dumps(schema_tools.example("order_placed")))) == {"batchItemFailures": []}


# What is in a lane is done one after the other, lanes side by side: functions of one lake must not meet there.
LANES: list[dict[str, Scenario]] = [
    {f"orders-{name.replace('_', '-')}": step(name) for name in STEPS[::2]},
    {f"orders-{name.replace('_', '-')}": step(name) for name in STEPS[1::2]},
    {
        "orders-close-order": close_order,
        "orders-api": api,
        "console-record-activity": record_activity,
        "promotions-issue-voucher": issue_voucher,
    },
    *(import_module(f"tests.iam.{module}").FUNCTIONS for module in OF_A_CONTEXT),
]
FUNCTIONS = {name: scenario for lane in LANES for name, scenario in lane.items()}
