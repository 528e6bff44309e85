"""What an operator may know of orders past the API, and erase: no function runs for it, and nobody needs a token."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from contexts.orders.adapters.order_item import attribute, from_item
from contexts.orders.domain.lifecycle import OPEN, Status
from shared.reading import Connect, Output

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient
# the condition that an order is open, and what its words stand for
_WORDS = {f":{status}": attribute(status) for status in sorted(OPEN)}
IS_OPEN = f"#status IN ({', '.join(_WORDS)})"
STATUSES: dict[str, Any] = {"ExpressionAttributeNames": {"#status": "status"}, "ExpressionAttributeValues": _WORDS}


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
class OrdersReader:
    client: "DynamoDBClient"
    table: str

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
