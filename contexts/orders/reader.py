"""The operator's view of orders: reads and erases in the table itself, with the operator's own AWS credentials.

The command line uses it, because the API shows orders to their owners only.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from contexts.orders.adapters.order_item import attribute, from_item, summary_from_item
from contexts.orders.domain.lifecycle import OPEN, Status
from contexts.orders.domain.order import OrderSummary
from shared.reading import Connect, Output

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient
# the condition that an order is open, and the values of its placeholders
_WORDS = {f":{status}": attribute(status) for status in sorted(OPEN)}
IS_OPEN = f"#status IN ({', '.join(_WORDS)})"
STATUSES: dict[str, Any] = {"ExpressionAttributeNames": {"#status": "status"}, "ExpressionAttributeValues": _WORDS}
INDEXES = {"customer_id": "orders_of_customer", "restaurant_id": "orders_of_restaurant"}
CONDITIONS = {"order_id": "begins_with(#order_id, :order_id)"}  # fields that are not compared by equality
PAGE, ORDERS_OF_A_LOOK = 1000, 10_000  # orders per query and per search; ten thousand are some 2 MB of an index


@dataclass(frozen=True)
class Kept:
    """An order as the table has it. The keys of `changes` are named as their events."""

    customer_id: str
    restaurant_id: str
    status: str
    changes: Mapping[str, datetime]

    @property
    def is_draft(self) -> bool:
        """True while only the order's customer knows of it, because its workflow has not begun."""
        return self.status == Status.RECEIVED

    @property
    def is_open(self) -> bool:
        return self.status in OPEN


@dataclass(frozen=True)
class Forgotten:
    """The result of `forget`: ids of the orders that were erased, and of those that stay because they are open."""

    erased: list[str]
    still_open: list[str]


@dataclass(frozen=True)
class Listed:
    """A page of orders, newest first.

    `left_off` is true if more orders were found than were asked for. `unseen` is true if the search ended before it had
    read all orders: some that it did not reach may be newer than those listed, except in a list of one customer's or
    one restaurant's orders.
    """

    orders: list[OrderSummary]
    left_off: bool = False
    unseen: bool = False


@dataclass(frozen=True)
class OrdersReader:
    """Reads the orders table for operators."""

    client: "DynamoDBClient"
    table: str
    statuses: ClassVar[tuple[str, ...]] = tuple(Status)

    def order(self, order_id: str) -> Kept | None:
        found = self.client.get_item(TableName=self.table, Key={"order_id": {"S": order_id}}, ConsistentRead=True)
        if "Item" not in found:
            return None
        order = from_item(found["Item"])
        changes = {change.key: at for change, at in order.changes.items()}
        return Kept(order.customer.customer_id, order.restaurant_id, order.status.value, changes)

    def open_orders(self) -> list[str]:
        """Return the ids of all open orders.

        Reads the whole table, so it is for an engine on this machine, not for millions of orders.
        """
        pages = self.client.get_paginator("scan").paginate(
            TableName=self.table, FilterExpression=IS_OPEN, ProjectionExpression="order_id", **STATUSES
        )
        return [str(item["order_id"]["S"]) for page in pages for item in page["Items"]]

    def newest(self, *, limit: int, **wanted: str | None) -> Listed:
        """List the newest orders that match what is given.

        `wanted` may have customer_id, restaurant_id, status and order_id (its beginning). A customer's or a
        restaurant's orders come from an index that is sorted by time. There is no such index of all orders, so as many
        as one search reads are sorted here.
        """
        given = {name: value for name, value in wanted.items() if value is not None}
        owner = next((name for name in INDEXES if name in given), None)
        found, unseen = self._look(given, owner, enough=limit if owner else ORDERS_OF_A_LOOK)
        found.sort(key=lambda each: each.received_at, reverse=True)
        return Listed(found[:limit], left_off=len(found) > limit, unseen=unseen)

    def _look(self, given: Mapping[str, str], owner: str | None, *, enough: int) -> tuple[list[OrderSummary], bool]:
        """Search an index until more than `enough` orders are found.

        Returns the orders, and whether the search was given up before it had read all. Reads an index because its items
        are small.
        """
        look: dict[str, Any] = {"TableName": self.table, "IndexName": INDEXES[owner or "restaurant_id"], "Limit": PAGE}
        if given:
            look["ExpressionAttributeNames"] = {f"#{name}": name for name in given}
            look["ExpressionAttributeValues"] = {f":{name}": attribute(value) for name, value in given.items()}
        if conditions := [CONDITIONS.get(name, f"#{name} = :{name}") for name in given if name != owner]:
            look["FilterExpression"] = " AND ".join(conditions)
        if owner:
            look |= {"KeyConditionExpression": f"#{owner} = :{owner}", "ScanIndexForward": False}
        found: list[OrderSummary] = []
        for _ in range(ORDERS_OF_A_LOOK // PAGE):
            page: Any = self.client.query(**look) if owner else self.client.scan(**look)
            found += map(summary_from_item, page["Items"])
            if "LastEvaluatedKey" not in page or len(found) > enough:
                return found, False
            look["ExclusiveStartKey"] = page["LastEvaluatedKey"]
        return found, True

    def forget(self, customer_id: str) -> Forgotten:
        """Erase the customer's orders that have ended. Idempotent: a second call finds nothing left to do."""
        pages = self.client.get_paginator("query").paginate(
            TableName=self.table,
            IndexName="orders_of_customer",
            KeyConditionExpression="customer_id = :customer",
            ExpressionAttributeValues={":customer": {"S": customer_id}},
        )
        done = Forgotten([], [])
        for order_id in [str(item["order_id"]["S"]) for page in pages for item in page["Items"]]:
            (done.erased if self._erase(order_id) else done.still_open).append(order_id)
        return done

    def _erase(self, order_id: str) -> bool:
        """Delete an order unless it is open, and tell whether it is gone.

        Checked by a condition, because the index may be a moment behind.
        """
        try:
            self.client.delete_item(
                TableName=self.table,
                Key={"order_id": {"S": order_id}},
                ConditionExpression=f"NOT {IS_OPEN}",
                **STATUSES,
            )
        except self.client.exceptions.ConditionalCheckFailedException:
            return False
        return True


def reader(connect: Connect, output: Output) -> OrdersReader:
    return OrdersReader(connect("dynamodb"), output("OrdersTable"))
