"""Orders in a DynamoDB table. Every write is conditional: of two who decide at once, one finds a Conflict."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from contexts.orders.adapters.order_item import attribute, from_item, to_item
from contexts.orders.application.ports import Conflict, Wait
from contexts.orders.domain.errors import OrderNotFound
from contexts.orders.domain.lifecycle import Status
from contexts.orders.domain.order import Order
from contexts.orders.published_events import timestamp

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

# A draft whose execution never started goes by itself. Long enough that a late start still finds it.
DRAFT_LIFETIME = timedelta(days=1)
# what a save compares with what it read, and writes if it changed
GUARDED = ("status", "decision", "reason", "completion")


class DynamoDBOrders:
    def __init__(self, client: "DynamoDBClient", table_name: str) -> None:
        self._client, self._table = client, table_name

    def add(self, draft: Order) -> Order:
        expires_at = int((draft.received_at + DRAFT_LIFETIME).timestamp())
        try:
            self._client.put_item(
                TableName=self._table,
                Item={**to_item(draft), "expires_at": {"N": str(expires_at)}},
                ConditionExpression="attribute_not_exists(order_id)",
            )
        except self._client.exceptions.ConditionalCheckFailedException:
            return self.get(draft.order_id)
        return draft

    def get(self, order_id: str) -> Order:
        return from_item(self._read(order_id))

    def save(self, before: Order, after: Order) -> None:
        update = _Update(before, after)
        try:
            self._client.update_item(TableName=self._table, Key=_key(after.order_id), **update.arguments())
        except self._client.exceptions.ConditionalCheckFailedException as error:
            raise Conflict(f"order {after.order_id} was written meanwhile") from error

    def waiting_token(self, order_id: str, wait: Wait) -> str | None:
        token = self._read(order_id).get(f"{wait}_token")
        return token["S"] if token else None

    def _read(self, order_id: str) -> dict[str, Any]:
        found = self._client.get_item(TableName=self._table, Key=_key(order_id), ConsistentRead=True)
        if "Item" not in found:
            raise OrderNotFound(order_id)
        return dict(found["Item"])


class _Update:
    """The arguments of the one UpdateItem that takes an order from what was read to what it shall be."""

    def __init__(self, before: Order, after: Order) -> None:
        self._names: dict[str, str] = {}
        self._values: dict[str, Any] = {}
        self._conditions: list[str] = ["attribute_exists(order_id)"]
        self._sets: list[str] = []
        old, new = to_item(before), to_item(after)
        for field in GUARDED:
            self._guard(field, old.get(field))
            if new.get(field) != old.get(field):
                self._sets.append(f"#{field} = {self._value(f'new_{field}', new[field])}")
        for number, change in enumerate(sorted(after.changes.keys() - before.changes.keys(), key=lambda c: c.key)):
            path = f"#changes.{self._name(f'change{number}', change.key)}"
            self._name("changes", "changes")
            self._conditions.append(f"attribute_not_exists({path})")
            self._sets.append(f"{path} = {self._value(f'at{number}', attribute(timestamp(after.changes[change])))}")
        # once it is placed, an order stays
        self._remove = " REMOVE expires_at" if before.status is Status.RECEIVED is not after.status else ""

    def arguments(self) -> dict[str, Any]:
        return {
            "UpdateExpression": f"SET {', '.join(self._sets)}{self._remove}",
            "ConditionExpression": " AND ".join(self._conditions),
            "ExpressionAttributeNames": self._names,
            "ExpressionAttributeValues": self._values,
        }

    def _guard(self, field: str, value: Any) -> None:
        name = self._name(field, field)
        condition = f"{name} = {self._value(f'old_{field}', value)}" if value else f"attribute_not_exists({name})"
        self._conditions.append(condition)

    def _name(self, alias: str, name: str) -> str:
        self._names[f"#{alias}"] = name
        return f"#{alias}"

    def _value(self, alias: str, value: Any) -> str:
        self._values[f":{alias}"] = value
        return f":{alias}"


def _key(order_id: str) -> dict[str, Any]:
    return {"order_id": {"S": order_id}}
