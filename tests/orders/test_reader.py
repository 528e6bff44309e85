"""Orders as an operator reads them, written by orders itself."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from moto import mock_aws

from contexts.orders.adapters.order_item import to_item
from contexts.orders.domain.lifecycle import OPEN, Status
from contexts.orders.reader import Forgotten, Kept, OrdersReader, reader
from tests.fakes import aws
from tests.fakes.orders import NOON, ORDER_ID, draft

TABLE = "orders"


@pytest.fixture
def orders() -> Iterator[OrdersReader]:
    with mock_aws():
        aws.client("dynamodb").create_table(
            TableName=TABLE,
            KeySchema=[{"AttributeName": "order_id", "KeyType": "HASH"}],
            AttributeDefinitions=[
                {"AttributeName": name, "AttributeType": "S"} for name in ("order_id", "customer_id", "received_at")
            ],
            GlobalSecondaryIndexes=[
                {
                    "IndexName": "orders_of_customer",
                    "KeySchema": [
                        {"AttributeName": "customer_id", "KeyType": "HASH"},
                        {"AttributeName": "received_at", "KeyType": "RANGE"},
                    ],
                    "Projection": {"ProjectionType": "KEYS_ONLY"},
                }
            ],
            BillingMode="PAY_PER_REQUEST",
        )
        yield reader(aws.client, {"OrdersTable": TABLE}.__getitem__)


def test_an_order_is_read_as_orders_wrote_it(orders: OrdersReader) -> None:
    placed = draft().become(Status.PLACED, NOON)
    orders.client.put_item(TableName=TABLE, Item=to_item(placed))
    kept = Kept(placed.customer.customer_id, placed.restaurant_id, "PLACED", {"order_placed": NOON})
    assert orders.order(ORDER_ID) == kept
    assert (kept.is_draft, kept.is_open) == (False, True)
    orders.client.put_item(TableName=TABLE, Item=to_item(draft()))
    read = orders.order(ORDER_ID)
    assert read is not None
    assert read.is_draft
    assert orders.order("another") is None


def test_orders_that_are_not_over_are_listed_by_their_ids(orders: OrdersReader) -> None:
    for status in Status:
        item = {"order_id": {"S": status.lower()}, "status": {"S": status.value}}
        orders.client.put_item(TableName=TABLE, Item=item)
    assert sorted(orders.open_orders()) == sorted(status.lower() for status in OPEN)


def test_a_customer_is_forgotten_but_for_orders_that_are_open(orders: OrdersReader) -> None:
    placed = draft().become(Status.PLACED, NOON)
    bob = replace(placed.customer, customer_id="bob")
    for order in (
        replace(placed, order_id="open"),
        *(replace(placed.become(Status.FAILED, NOON), order_id=f"ended-{number}") for number in range(3)),
        replace(placed.become(Status.FAILED, NOON), order_id="of another", customer=bob),
    ):
        orders.client.put_item(TableName=TABLE, Item=to_item(order))
    done = orders.forget("alice")
    assert (sorted(done.erased), done.still_open) == (["ended-0", "ended-1", "ended-2"], ["open"])
    left = orders.client.scan(TableName=TABLE)["Items"]
    assert {item["order_id"]["S"] for item in left} == {"open", "of another"}
    assert orders.forget("alice") == Forgotten([], ["open"])
    assert orders.forget("nobody") == Forgotten([], [])
