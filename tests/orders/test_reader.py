"""Orders as an operator reads them, written by orders itself."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from moto import mock_aws

from contexts.orders import reader as module
from contexts.orders.adapters.order_item import to_item
from contexts.orders.domain.lifecycle import OPEN, Status
from contexts.orders.infrastructure.database import LISTED, LISTED_BY
from contexts.orders.reader import Forgotten, Kept, Listed, OrdersReader, reader
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
                {"AttributeName": name, "AttributeType": "S"}
                for name in ("order_id", "customer_id", "restaurant_id", "received_at")
            ],
            GlobalSecondaryIndexes=[
                {
                    "IndexName": f"orders_of_{role}",
                    "KeySchema": [
                        {"AttributeName": f"{role}_id", "KeyType": "HASH"},
                        {"AttributeName": "received_at", "KeyType": "RANGE"},
                    ],
                    "Projection": {"ProjectionType": "INCLUDE", "NonKeyAttributes": [*LISTED]},
                }
                for role in LISTED_BY
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


def given(orders: OrdersReader, **each: Any) -> None:
    """Store an order for each id, each a minute later than the one before; `each` has its differing fields."""
    for number, (order_id, changes) in enumerate(each.items()):
        received = NOON + timedelta(minutes=number)
        order = replace(draft().become(Status.PLACED, received), order_id=order_id, received_at=received, **changes)
        orders.client.put_item(TableName=TABLE, Item=to_item(order))


def ids(listed: Listed) -> list[str]:
    return [each.order_id for each in listed.orders]


BOB = {"customer": replace(draft().customer, customer_id="bob")}
SUSHI = {"restaurant_id": "sushi-bar"}


def test_orders_are_listed_newest_first_with_what_a_list_shows(orders: OrdersReader) -> None:
    given(orders, first={}, second=BOB, third=SUSHI)
    listed = orders.newest(limit=10)
    assert ids(listed) == ["third", "second", "first"]
    assert (listed.orders[1].customer_id, listed.orders[1].status, listed.orders[1].total) == (
        "bob",
        Status.PLACED,
        draft().total,
    )
    assert (listed.left_off, listed.unseen) == (False, False)
    assert orders.newest(limit=2) == Listed(listed.orders[:2], left_off=True)


def test_orders_are_listed_by_whatever_is_given(orders: OrdersReader) -> None:
    given(orders, a1={}, a2=BOB, b3=SUSHI, b4=BOB | SUSHI, b5=BOB | {"status": Status.COMPLETED})
    for wanted, found in (
        ({"customer_id": "bob"}, ["b5", "b4", "a2"]),
        ({"restaurant_id": "sushi-bar"}, ["b4", "b3"]),
        ({"restaurant_id": "sushi-bar", "customer_id": "bob"}, ["b4"]),
        ({"status": "COMPLETED"}, ["b5"]),
        ({"status": "PLACED", "customer_id": "bob"}, ["b4", "a2"]),
        ({"order_id": "b"}, ["b5", "b4", "b3"]),
        ({"order_id": "a", "customer_id": "bob"}, ["a2"]),
        ({"order_id": "c"}, []),
        ({"customer_id": None, "order_id": "a1"}, ["a1"]),
    ):
        assert ids(orders.newest(limit=10, **wanted)) == found, wanted


def test_a_list_of_one_customer_reads_no_more_than_it_shows(
    orders: OrdersReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PAGE", 2)
    given(orders, **{f"order-{number}": BOB for number in range(9)}, another={})
    with aws.counted(orders.client) as asked:
        listed = orders.newest(limit=3, customer_id="bob")
    assert (ids(listed), listed.left_off) == (["order-8", "order-7", "order-6"], True)
    assert asked == ["Query", "Query"]


def test_a_look_at_all_orders_is_bounded_and_says_so(orders: OrdersReader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PAGE", 2)
    monkeypatch.setattr(module, "ORDERS_OF_A_LOOK", 6)
    given(orders, **{f"order-{number}": {} for number in range(9)})
    with aws.counted(orders.client) as asked:
        listed = orders.newest(limit=3)
    assert (len(listed.orders), listed.left_off, listed.unseen) == (3, True, True)
    assert asked == ["Scan"] * 3
