"""Claims on the e-mail with a voucher: attributes of the order's item, set and removed by conditional writes."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from contexts.promotions.application.ports import BeingSent

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient
    from types_boto3_dynamodb.type_defs import UpdateItemOutputTypeDef

UNSENT = "attribute_exists(order_id) AND attribute_not_exists(emailed_at)"
FREE = "(attribute_not_exists(email_claimed_until) OR email_claimed_until <= :now)"


@dataclass(frozen=True)
class DynamoDBEmailClaims:
    """Implements the port EmailClaims.

    A claim is identified by the time at which it runs out, so a sender can only release its own.
    """

    client: "DynamoDBClient"
    vouchers_table: str

    def claim(self, order_id: str, *, now: datetime, until: datetime) -> bool:
        try:
            self._update(
                order_id,
                "SET email_claimed_until = :until",
                f"{UNSENT} AND {FREE}",
                {":now": _milliseconds(now), ":until": _milliseconds(until)},
            )
        except self.client.exceptions.ConditionalCheckFailedException as refused:
            item: Mapping[str, Any] | None = refused.response.get("Item")  # type: ignore[assignment]
            if item and "emailed_at" not in item:
                raise BeingSent("another delivery is sending it") from None
            return False  # the e-mail was sent, or the item has expired
        return True

    def release(self, order_id: str, *, until: datetime) -> None:
        with suppress(self.client.exceptions.ConditionalCheckFailedException):
            self._update(
                order_id,
                "REMOVE email_claimed_until",
                "email_claimed_until = :until",
                {":until": _milliseconds(until)},
            )

    def record_sent(self, order_id: str, at: datetime) -> None:
        self._update(
            order_id,
            "SET emailed_at = if_not_exists(emailed_at, :at) REMOVE email_claimed_until",
            # Without this condition the update would bring back an expired item, with this attribute alone.
            "attribute_exists(order_id)",
            {":at": {"S": at.isoformat()}},
        )

    def _update(self, order_id: str, change: str, condition: str, values: dict[str, Any]) -> "UpdateItemOutputTypeDef":
        return self.client.update_item(
            TableName=self.vouchers_table,
            Key={"order_id": {"S": order_id}},
            UpdateExpression=change,
            ConditionExpression=condition,
            ExpressionAttributeValues=values,
            ReturnValuesOnConditionCheckFailure="ALL_OLD",
        )


def _milliseconds(at: datetime) -> dict[str, str]:
    return {"N": str(round(at.timestamp() * 1000))}
