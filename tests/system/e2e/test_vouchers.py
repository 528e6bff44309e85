"""The function of promotions on a real engine, called by many at once with the same events."""

import json
import random
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from shared import schema_tools
from takeaway.run.client.system import System

pytestmark = pytest.mark.engine
AT_ONCE = 4


@pytest.fixture
def customer_id() -> str:
    return f"customer-{uuid4().hex[:8]}"


def completed(customer_id: str, amount: int = 2000) -> str:
    """Return the event of an order that was completed just now."""
    event = schema_tools.example("order_completed")
    event["detail"]["metadata"]["occurred_at"] = datetime.now(UTC).isoformat(timespec="milliseconds")
    total = {"amount": amount, "currency": "EUR"}
    event["detail"]["data"] |= {"order_id": str(uuid4()), "customer_id": customer_id, "total": total}
    return json.dumps(event)


def id_of(event: str) -> str:
    return str(json.loads(event)["detail"]["data"]["order_id"])


def deliver(system: System, events: Sequence[str]) -> list[str]:
    """Invoke the function with a batch, past the queue. Returns the ids of the orders that have failed."""
    batch = {"Records": [{"messageId": id_of(event), "body": event, "eventSource": "aws:sqs"} for event in events]}
    function = system.stacks.output("promotions", "FunctionName")
    answer = system.target.client("lambda").invoke(FunctionName=function, Payload=json.dumps(batch))
    said: dict[str, Any] = json.loads(answer["Payload"].read())
    assert "FunctionError" not in answer, said
    return [failure["itemIdentifier"] for failure in said["batchItemFailures"]]


def item(system: System, table: str, key: str, value: str) -> dict[str, Any]:
    name = system.stacks.output("promotions", table)
    found: dict[str, Any] = system.target.client("dynamodb").get_item(
        TableName=name, Key={key: {"S": value}}, ConsistentRead=True
    )["Item"]
    return found


def claim(system: System, order_id: str, until: datetime) -> None:
    """Set the claim of a function that died between claiming and sending."""
    system.target.client("dynamodb").update_item(
        TableName=system.stacks.output("promotions", "VouchersTable"),
        Key={"order_id": {"S": order_id}},
        UpdateExpression="SET email_claimed_until = :until REMOVE emailed_at",
        ExpressionAttributeValues={":until": {"N": str(round(until.timestamp() * 1000))}},
    )


def mails_with(system: System, code: str) -> int:
    return len(system.mails.naming(code))


@pytest.mark.usefixtures("transactions")
def test_functions_that_handle_the_same_orders_at_once_count_and_tell_each_once(
    system: System, customer_id: str
) -> None:
    events = [completed(customer_id, amount=350 if number % 4 == 0 else 2000) for number in range(12)]

    def shuffled(seed: int) -> list[str]:
        return random.Random(seed).sample(events, len(events))

    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(lambda seed: deliver(system, shuffled(seed)), range(2 * AT_ONCE)))
    assert deliver(system, events) == []

    items = [item(system, "VouchersTable", "order_id", id_of(event)) for event in events]
    assert sorted(int(each["number"]["N"]) for each in items) == list(range(1, 13))
    assert item(system, "LoyaltyTable", "customer_id", customer_id)["completed_orders"] == {"N": "12"}
    vouchers = system.vouchers.of_customer(customer_id)
    assert {voucher.order_id for voucher in vouchers} == {each["order_id"]["S"] for each in items if "code" in each}
    assert len(vouchers) == 9
    # Every second order earns the loyalty reward under the policy that is shipped, if its basket is large enough.
    due = {each["order_id"]["S"] for each in items if int(each["number"]["N"]) % 2 == 0 and "code" in each}
    assert {voucher.order_id for voucher in vouchers if voucher.loyalty_order} == due
    if system.mails.are_readable:
        assert Counter(mails_with(system, voucher.code) for voucher in vouchers) == {1: 9}


def test_an_email_that_someone_set_out_to_send_waits_for_them_and_no_longer(system: System, customer_id: str) -> None:
    event = completed(customer_id)
    assert deliver(system, [event]) == []
    claim(system, id_of(event), datetime.now(UTC) + timedelta(minutes=1))
    assert deliver(system, [event]) == [id_of(event)]
    (voucher,) = system.vouchers.of_customer(customer_id)
    assert voucher.emailed_at is None
    claim(system, id_of(event), datetime.now(UTC) - timedelta(seconds=1))
    assert deliver(system, [event]) == []
    (voucher,) = system.vouchers.of_customer(customer_id)
    assert voucher.emailed_at is not None
    if system.mails.are_readable:
        assert mails_with(system, voucher.code) == 2  # the first delivery's, and the one after the crash
