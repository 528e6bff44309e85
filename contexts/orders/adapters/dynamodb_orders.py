"""Orders in a DynamoDB table.

Every write is conditional (optimistic locking): of two people who decide at once, one gets a Conflict.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from contexts.orders.adapters.order_item import StoredItem, attribute, new_item, summary_from_item
from contexts.orders.adapters.order_update import update_arguments
from contexts.orders.application.ports import Conflict, OrderFilter, Page, Position, Stored
from contexts.orders.domain.errors import OrderNotFound
from contexts.orders.domain.lifecycle import Status
from contexts.orders.domain.order import Order, OrderSummary

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

# Time to live of a draft, which deletes it if its execution never starts. Long enough for a start that comes late.
DRAFT_LIFETIME = timedelta(days=1)
MAX_KEY_BYTES = 2048  # of a partition key
MAX_QUERIES = 10  # per page: a filter that matches few orders gives a short page and a position to continue from


class DynamoDBOrders:
    """Implements the port Orders.

    `kept` is how long an order stays in the table after its end. `stored` wraps an item that was read; an example with
    another workflow passes its own.
    """

    def __init__(
        self,
        client: "DynamoDBClient",
        table_name: str,
        kept: timedelta,
        *,
        stored: Callable[[dict[str, Any]], Stored] = StoredItem,
    ) -> None:
        self._client, self._table, self._kept, self._stored = client, table_name, kept, stored

    def add(self, draft: Order, fingerprint: str) -> Stored:
        item = new_item(draft, fingerprint, draft.received_at + DRAFT_LIFETIME)
        try:
            self._client.put_item(
                TableName=self._table, Item=item, ConditionExpression="attribute_not_exists(order_id)"
            )
        except self._client.exceptions.ConditionalCheckFailedException as taken:
            found = self.find(draft.order_id)
            if not found:  # it expired in this very moment
                raise Conflict(f"order {draft.order_id} expired while it was read") from taken
            return found
        return self._stored(item)

    def find(self, order_id: str) -> Stored | None:
        if len(order_id.encode()) > MAX_KEY_BYTES:  # no such key can have been written, and none can be read
            return None
        answer = self._client.get_item(TableName=self._table, Key=_key(order_id), ConsistentRead=True)
        return self._stored(dict(answer["Item"])) if "Item" in answer else None

    def get(self, order_id: str) -> Order:
        found = self.find(order_id)
        if not found:
            raise OrderNotFound(order_id)
        return found.order

    def save(self, before: Order, after: Order) -> Stored:
        try:
            answer = self._client.update_item(
                TableName=self._table,
                Key=_key(after.order_id),
                ReturnValues="ALL_NEW",  # includes writes of others since the read, such as a token
                **update_arguments(before, after, self._kept),
            )
        except self._client.exceptions.ConditionalCheckFailedException as error:
            raise Conflict(f"order {after.order_id} was written meanwhile") from error
        return self._stored(dict(answer["Attributes"]))

    def page(self, wanted: OrderFilter, *, limit: int, after: Position | None) -> Page:
        owner = f"{wanted.owner.role}_id"
        query: dict[str, Any] = {
            "TableName": self._table,
            "IndexName": f"orders_of_{wanted.owner.role}",
            "KeyConditionExpression": f"{owner} = :owner",
            "ScanIndexForward": False,
            **_status_filter(wanted),
        }
        query["ExpressionAttributeValues"][":owner"] = attribute(wanted.owner.party_id)
        found: list[OrderSummary] = []
        for _ in range(MAX_QUERIES):
            if after:  # the owner is always the caller, so that a foreign cursor shows no foreign orders
                query["ExclusiveStartKey"] = {
                    owner: attribute(wanted.owner.party_id),
                    "received_at": attribute(after.received_at),
                    "order_id": attribute(after.order_id),
                }
            answer = self._client.query(Limit=limit - len(found), **query)
            found += [summary_from_item(dict(item)) for item in answer["Items"]]
            last = answer.get("LastEvaluatedKey")
            after = Position(last["received_at"]["S"], last["order_id"]["S"]) if last else None
            if not after or len(found) == limit:
                break
        return Page(found, after)


def _status_filter(wanted: OrderFilter) -> dict[str, Any]:
    conditions, values = [], {}
    if wanted.status:
        conditions.append("#status = :status")
        values[":status"] = attribute(wanted.status)
    if not wanted.drafts:
        conditions.append("#status <> :draft")
        values[":draft"] = attribute(Status.RECEIVED)
    filtered = {"FilterExpression": " AND ".join(conditions), "ExpressionAttributeNames": {"#status": "status"}}
    return {"ExpressionAttributeValues": values, **(filtered if conditions else {})}


def _key(order_id: str) -> dict[str, Any]:
    return {"order_id": {"S": order_id}}
