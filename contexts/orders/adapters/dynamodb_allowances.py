"""The customers' allowances, in a DynamoDB table.

Each customer who has ordered lately has an item; the table's time to live deletes it once the bucket is full again.
"""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from contexts.orders.adapters.order_item import expiry
from contexts.orders.application.ports import Conflict
from contexts.orders.domain.allowance import Allowance

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient
    from types_boto3_dynamodb.type_defs import AttributeValueTypeDef

ATTEMPTS = 5  # only orders that one customer places at the same moment conflict


class DynamoDBAllowances:
    """Implements the port Allowances.

    Takes one write for a customer who has not ordered lately, two for one who has.
    """

    def __init__(self, client: "DynamoDBClient", table_name: str, allowance: Allowance) -> None:
        self._client, self._table, self._allowance = client, table_name, allowance

    def take(self, customer_id: str, now: datetime) -> timedelta:
        full_at: datetime | None = None  # a full bucket is assumed; if that is wrong, the failed write tells
        for _ in range(ATTEMPTS):
            if wait := self._allowance.wait(full_at, now):
                return wait
            try:
                self._write(customer_id, full_at, now)
            except self._client.exceptions.ConditionalCheckFailedException as changed:
                full_at = _moment(changed)
            else:
                return timedelta(0)
        raise Conflict(f"the allowance of {customer_id} kept changing")

    def _write(self, customer_id: str, full_at: datetime | None, now: datetime) -> None:
        after = self._allowance.after_one_more(full_at, now)
        values: dict[str, AttributeValueTypeDef] = {":before": _number(full_at or now), ":after": _number(after)}
        unchanged = "full_at = :before" if full_at else "attribute_not_exists(full_at) OR full_at <= :before"
        self._client.update_item(
            TableName=self._table,
            Key={"customer_id": {"S": customer_id}},
            UpdateExpression="SET full_at = :after, expires_at = :expires",
            ConditionExpression=unchanged,
            ExpressionAttributeValues={**values, ":expires": expiry(after + timedelta(seconds=1))},
            ReturnValuesOnConditionCheckFailure="ALL_OLD",
        )


def _number(at: datetime) -> "AttributeValueTypeDef":
    """Convert a time to milliseconds since 1970, as an attribute of type N."""
    return {"N": str(round(at.timestamp() * 1000))}


def _moment(changed: ClientError) -> datetime:
    """Return the stored time, which DynamoDB sends along with the failed condition."""
    response: Any = changed.response
    return datetime.fromtimestamp(int(response["Item"]["full_at"]["N"]) / 1000, UTC)
