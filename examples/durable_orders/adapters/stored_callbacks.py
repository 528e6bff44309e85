"""The ids of callbacks, kept beside the order as the task tokens of Step Functions are."""

from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from contexts.orders.application.ports import Wait
from contexts.orders.domain.errors import OrderNotFound

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient


class StoredCallbacks:
    """Implements the port Callbacks. A wait is named as the attribute that ends it."""

    def __init__(self, client: "DynamoDBClient", table_name: str) -> None:
        self._client, self._table = client, table_name

    def store(self, order_id: str, wait: Wait, callback_id: str) -> str | None:
        try:
            self._client.update_item(
                TableName=self._table,
                Key={"order_id": {"S": order_id}},
                UpdateExpression=f"SET {wait}_token = :token",
                ConditionExpression=f"attribute_exists(order_id) AND attribute_not_exists({wait})",
                ExpressionAttributeValues={":token": {"S": callback_id}},
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except ClientError as error:
            if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
                raise
            item: Any = error.response.get("Item")
            if not item:
                raise OrderNotFound(order_id) from error
            return str(item[wait]["S"])
        return None
