"""Lists of orders: one's own, page by page; a cursor is a place in one's own list, whoever made it."""

import base64
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from moto import mock_aws

from contexts.orders.adapters.dynamodb_orders import DynamoDBOrders
from contexts.orders.adapters.order_item import from_item, summary_from_item, to_item
from contexts.orders.api.views import OrderSummaryView
from contexts.orders.application.ports import OrderFilter, Position
from contexts.orders.domain.identity import Identity, Role
from contexts.orders.domain.lifecycle import Status
from contexts.orders.domain.order import Customer, Order
from contexts.orders.infrastructure import database
from tests.fakes import aws
from tests.fakes.orders import ALICE, NOON, ROMA, SENT, World, draft
from tests.orders.test_api import call

LISTED_BY = {"customer": ["restaurant_id"], "restaurant": ["customer_id"]}
BOB = Identity(Role.CUSTOMER, "bob")


def orders() -> list[Order]:
    """Return nine orders of Alice, every third only a draft, and three of Bob; all at Trattoria Roma."""
    made = []
    for number in range(12):
        customer = Customer("bob" if number % 4 == 3 else "alice", "Somebody", "s@example.com")
        order = draft(f"order-{number:02}", customer=customer, received_at=NOON + timedelta(minutes=number // 2))
        made.append(order if number % 3 == 0 else order.become(Status.PLACED, NOON))
    return made


@pytest.fixture(scope="module")
def table() -> Iterator[DynamoDBOrders]:
    """A table with these orders, shared because lists only read it."""
    with mock_aws():
        client = aws.client("dynamodb")
        names = ("order_id", "customer_id", "restaurant_id", "received_at")
        client.create_table(
            TableName="orders",
            KeySchema=[{"AttributeName": "order_id", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in names],
            BillingMode="PAY_PER_REQUEST",
            GlobalSecondaryIndexes=[
                {
                    "IndexName": f"orders_of_{role}",
                    "KeySchema": [
                        {"AttributeName": f"{role}_id", "KeyType": "HASH"},
                        {"AttributeName": "received_at", "KeyType": "RANGE"},
                    ],
                    "Projection": {
                        "ProjectionType": "INCLUDE",
                        "NonKeyAttributes": ["status", "total", *LISTED_BY[role]],
                    },
                }
                for role in ("customer", "restaurant")
            ],
        )
        stored = DynamoDBOrders(client, "orders", timedelta(days=400))
        for order in orders():
            stored.add(order, SENT)
        yield stored


def listed(table: DynamoDBOrders, wanted: OrderFilter, limit: int) -> list[str]:
    """Return the ids on all pages, one after the other."""
    found: list[str] = []
    after: Position | None = None
    for _ in range(50):
        page = table.page(wanted, limit=limit, after=after)
        assert len(page.orders) <= limit
        found += [order.order_id for order in page.orders]
        after = page.after
        if not after:
            return found
    raise AssertionError("the pages do not end")


@pytest.mark.parametrize("limit", [1, 2, 5, 100])
@pytest.mark.parametrize(
    "wanted",
    [
        OrderFilter(ALICE),
        OrderFilter(BOB),
        OrderFilter(ROMA, drafts=False),
        OrderFilter(ALICE, Status.RECEIVED),
        OrderFilter(ROMA, Status.PLACED, drafts=False),
        OrderFilter(ROMA, Status.COMPLETED, drafts=False),
        OrderFilter(Identity(Role.CUSTOMER, "trattoria-roma")),
    ],
)
def test_the_pages_together_are_all_of_ones_own_orders_once_and_newest_first(
    table: DynamoDBOrders, wanted: OrderFilter, limit: int
) -> None:
    own = []
    for order in orders():
        owner = order.customer.customer_id if wanted.owner.role is Role.CUSTOMER else order.restaurant_id
        drafted = order.status is Status.RECEIVED and not wanted.drafts
        if owner == wanted.owner.party_id and wanted.status in (None, order.status) and not drafted:
            own.append(order)
    found = listed(table, wanted, limit)
    assert sorted(found) == [order.order_id for order in own]
    received = {order.order_id: order.received_at for order in own}
    assert [received[each] for each in found] == sorted(received.values(), reverse=True)


def world() -> World:
    made = World()
    made.identity.known["bob"] = BOB
    for order in orders():
        made.holding(order)
    return made


def get(made: World, who: str, **query: str) -> tuple[int, dict[str, Any]]:
    status, answered, _ = call(made, "GET", "/orders", who=who, query=query)
    return status, answered


def test_a_customer_goes_through_the_pages_with_the_cursor() -> None:
    made = world()
    _, first = get(made, "alice", limit="4")
    _, second = get(made, "alice", limit="4", cursor=first["next_cursor"])
    _, third = get(made, "alice", limit="4", cursor=second["next_cursor"])
    assert [len(page["orders"]) for page in (first, second, third)] == [4, 4, 1]
    assert third["next_cursor"] is None


def test_a_cursor_of_another_or_a_forged_one_shows_only_ones_own_orders() -> None:
    made = world()
    _, alices = get(made, "alice", limit="2")
    forged = base64.urlsafe_b64encode(json.dumps(["9999", "order-00"]).encode()).decode()
    for cursor in (alices["next_cursor"], forged):
        status, answered = get(made, "bob", cursor=cursor)
        assert status == 200
        assert {order["order_id"] for order in answered["orders"]} <= {"order-03", "order-07", "order-11"}


def test_a_restaurant_sees_its_orders_without_drafts_and_without_people() -> None:
    _, answered = get(world(), "roma")
    assert {order["status"] for order in answered["orders"]} == {"PLACED"}
    assert answered["orders"][0] == {
        "order_id": "order-11",
        "status": "PLACED",
        "restaurant_id": "trattoria-roma",
        "total": {"amount": 1900, "currency": "EUR"},
        "received_at": "2026-11-23T12:05:00.000Z",
    }


def test_an_order_that_was_stored_before_lists_had_totals_is_listed_without() -> None:
    item = {**to_item(draft())}
    del item["total"]
    assert summary_from_item(item) == replace(draft().summary, total=None)
    assert from_item(item) == draft()  # it is still read


def test_an_index_has_what_a_list_shows() -> None:
    assert {*database.LISTED} == {"status", "total", "customer_id", "restaurant_id"}
    shown = {*OrderSummaryView.model_fields}
    assert shown <= {"order_id", "received_at", *database.LISTED}


def test_a_list_can_be_narrowed_to_a_status() -> None:
    _, answered = get(world(), "alice", status="RECEIVED")
    assert {order["status"] for order in answered["orders"]} == {"RECEIVED"}


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"limit": "0"}, "limit"),
        ({"limit": "101"}, "limit"),
        ({"limit": "many"}, "limit"),
        ({"status": "EATEN"}, "status"),
        ({"cursor": "nonsense"}, "cursor"),
        ({"cursor": "WzEsMl0="}, "cursor"),
        ({"cursor": "e30="}, "cursor"),
        ({"cursor": "WyJcdWQ4MDAiLCJcdWQ4MDAiXQ=="}, "cursor"),  # ["\ud800", "\ud800"]: no keys that a table has
        ({"cursor": "WyIiLCJ4Il0="}, "cursor"),  # ["", "x"]
        ({"cursor": "bnVsbA=="}, "cursor"),
        ({"cursor": "é"}, "cursor"),
    ],
)
def test_a_query_that_makes_no_sense_names_its_field(query: dict[str, str], field: str) -> None:
    status, problem = get(world(), "alice", **query)
    assert (status, [error["field"] for error in problem["errors"]]) == (400, [field])
