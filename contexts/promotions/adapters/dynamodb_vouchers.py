"""Vouchers in DynamoDB: the order id is the key, so the table itself keeps it to one per order."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from contexts.promotions.domain.money import Money
from contexts.promotions.domain.voucher import Voucher

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient


@dataclass(frozen=True)
class DynamoDbVouchers:
    """Implements the port Vouchers."""

    client: "DynamoDBClient"
    table: str

    def of_order(self, order_id: str) -> Voucher | None:
        found = self.client.get_item(TableName=self.table, Key={"order_id": {"S": order_id}}, ConsistentRead=True)
        return _voucher(found["Item"]) if "Item" in found else None

    def add(self, voucher: Voucher) -> Voucher:
        try:
            self.client.put_item(
                TableName=self.table,
                Item=_item(voucher),
                ConditionExpression="attribute_not_exists(order_id)",
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except self.client.exceptions.ConditionalCheckFailedException as there_is_one:
            return _voucher(there_is_one.response["Item"])  # type: ignore[typeddict-item]
        return voucher

    def record_emailed(self, order_id: str, at: datetime) -> None:
        self.client.update_item(
            TableName=self.table,
            Key={"order_id": {"S": order_id}},
            UpdateExpression="SET emailed_at = if_not_exists(emailed_at, :at)",
            # An item that expired in the meantime is not to come back as a stump.
            ConditionExpression="attribute_exists(order_id)",
            ExpressionAttributeValues={":at": {"S": at.isoformat()}},
        )


def _item(voucher: Voucher) -> dict[str, Any]:
    item: dict[str, Any] = {
        "order_id": {"S": voucher.order_id},
        "customer_id": {"S": voucher.customer_id},
        "code": {"S": voucher.code},
        "amount": {"N": str(voucher.value.amount)},
        "currency": {"S": voucher.value.currency},
        "issued_at": {"S": voucher.issued_at.isoformat()},
        # Whole seconds, because the table's time to live reads it.
        "expires_at": {"N": str(int(voucher.expires_at.timestamp()))},
    }
    if voucher.emailed_at is not None:
        item["emailed_at"] = {"S": voucher.emailed_at.isoformat()}
    return item


def _voucher(item: dict[str, Any]) -> Voucher:
    emailed_at = item.get("emailed_at")
    return Voucher(
        order_id=item["order_id"]["S"],
        customer_id=item["customer_id"]["S"],
        code=item["code"]["S"],
        value=Money(int(item["amount"]["N"]), item["currency"]["S"]),
        issued_at=datetime.fromisoformat(item["issued_at"]["S"]),
        expires_at=datetime.fromtimestamp(int(item["expires_at"]["N"]), tz=UTC),
        emailed_at=datetime.fromisoformat(emailed_at["S"]) if emailed_at else None,
    )
