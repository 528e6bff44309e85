"""What an operator may know of orders past the API, and erase: no function runs for it, and nobody needs a token."""

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
# the condition that an order is open, and what its words stand for
_WORDS = {f":{status}": attribute(status) for status in sorted(OPEN)}
IS_OPEN = f"#status IN ({', '.join(_WORDS)})"
STATUSES: dict[str, Any] = {"ExpressionAttributeNames": {"#status": "status"}, "ExpressionAttributeValues": _WORDS}
INDEXES = {"customer_id": "orders_of_customer", "restaurant_id": "orders_of_restaurant"}
CONDITIONS = {"order_id": "begins_with(#order_id, :order_id)"}  # on what is no equality
PAGE, ORDERS_OF_A_LOOK = 1000, 10_000  # orders, some two megabytes of an index


@dataclass(frozen=True)
class Kept:
    """An order as its table has it; `changes` are named as the events that tell of them."""

    customer_id: str
    restaurant_id: str
    status: str
    changes: Mapping[str, datetime]

    @property
    def is_draft(self) -> bool:
        """Nobody but its customer knows of it yet."""
        return self.status == Status.RECEIVED

    @property
    def is_open(self) -> bool:
        return self.status in OPEN


@dataclass(frozen=True)
class Forgotten:
    """The ids of a customer's orders: those that were erased, and those that are open and therefore stay."""

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
        """Their ids. Reads the whole table: for an engine on this machine, not for millions."""
        pages = self.client.get_paginator("scan").paginate(
            TableName=self.table, FilterExpression=IS_OPEN, ProjectionExpression="order_id", **STATUSES
        )
        return [str(item["order_id"]["S"]) for page in pages for item in page["Items"]]

    def newest(self, *, limit: int, **wanted: str | None) -> Listed:
        """Of a `customer_id` or `restaurant_id`, with a `status`, beginning with an `order_id`: whatever is given.

        An index has the orders of a customer, and those of a restaurant, newest first. Of all there is no such list: as
        many as a look reads are sorted here.
        """
        given = {name: value for name, value in wanted.items() if value is not None}
        owner = next((name for name in INDEXES if name in given), None)
        found, unseen = self._look(given, owner, enough=limit if owner else ORDERS_OF_A_LOOK)
        found.sort(key=lambda each: each.received_at, reverse=True)
        return Listed(found[:limit], left_off=len(found) > limit, unseen=unseen)

    def _look(self, given: Mapping[str, str], owner: str | None, *, enough: int) -> tuple[list[OrderSummary], bool]:
        """Through an index, whose items are small, until there are more than enough; and whether it was left off."""
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
        """Erase the customer's orders that have ended. A second time there is nothing left to do."""
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
        """Unless it is open: the index may be a moment behind."""
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
