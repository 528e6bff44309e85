"""Counted orders in DynamoDB: an item per order and a counter per customer, written in one transaction.

The order's item may be put once, and the counter goes from the number that was read to the next (optimistic locking).
So an order is counted once however often its event comes, and no two orders of a customer get the same number. Counting
the items by an index would do neither: an index is behind by a moment, and the time to live deletes items.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from contexts.promotions.adapters.order_item import from_item, to_item
from contexts.promotions.application.ports import Overtaken
from contexts.promotions.domain.voucher import CompletedOrder, Earned

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient
    from types_boto3_dynamodb.type_defs import TransactWriteItemTypeDef

CONDITION_FAILED, CONFLICT = "ConditionalCheckFailed", "TransactionConflict"


@dataclass(frozen=True)
class DynamoDBCountedOrders:
    """Implements the port CountedOrders."""

    client: "DynamoDBClient"
    vouchers_table: str
    loyalty_table: str

    def earned_by(self, order_id: str) -> Earned | None:
        item = self._read(self.vouchers_table, "order_id", order_id)
        return from_item(item) if item else None

    def number_of(self, customer_id: str) -> int:
        item = self._read(self.loyalty_table, "customer_id", customer_id)
        return int(item["completed_orders"]["N"]) if item else 0

    def count(self, order: CompletedOrder, *, number: int, earned: Earned) -> Earned:
        put: TransactWriteItemTypeDef = {
            "Put": {
                "TableName": self.vouchers_table,
                "Item": to_item(order, number, earned),
                "ConditionExpression": "attribute_not_exists(order_id)",
                "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
            }
        }
        try:
            self.client.transact_write_items(TransactItems=[put, self._counter(order.customer_id, number)])
        except self.client.exceptions.TransactionCanceledException as cancelled:
            reasons: list[dict[str, Any]] = cancelled.response["CancellationReasons"]  # type: ignore[assignment]
            if reasons[0]["Code"] == CONDITION_FAILED:
                return from_item(reasons[0]["Item"])
            if {CONDITION_FAILED, CONFLICT} & {reason["Code"] for reason in reasons}:
                raise Overtaken("another order of this customer was counted") from None
            raise
        return earned

    def _counter(self, customer_id: str, number: int) -> "TransactWriteItemTypeDef":
        before = {":before": {"N": str(number - 1)}} if number > 1 else {}
        return {
            "Update": {
                "TableName": self.loyalty_table,
                "Key": {"customer_id": {"S": customer_id}},
                "UpdateExpression": "SET completed_orders = :number",
                "ConditionExpression": "completed_orders = :before" if before else "attribute_not_exists(customer_id)",
                "ExpressionAttributeValues": {":number": {"N": str(number)}, **before},
            }
        }

    def _read(self, table: str, key: str, value: str) -> dict[str, Any] | None:
        found = self.client.get_item(TableName=table, Key={key: {"S": value}}, ConsistentRead=True)
        return found.get("Item")
