"""Messages to restaurants, by one SNS topic; each restaurant's subscription filters by the attribute restaurant_id.

A filter is the subscriber's own setting and protects nothing, so a message says only that an order waits and where to
see it. The API shows the order itself to the restaurant whose token it gets.
"""

import json
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from contexts.orders.application.ports import MessageNotSent
from contexts.orders.domain.order import Order

if TYPE_CHECKING:
    from types_boto3_sns import SNSClient


class SNSRestaurants:
    """Implements the port Restaurants."""

    def __init__(self, client: "SNSClient", topic_arn: str, respond_within_seconds: int) -> None:
        self._client, self._topic_arn, self._respond_within = client, topic_arn, respond_within_seconds

    def notify(self, order: Order) -> None:
        message = {
            "order_id": order.order_id,
            "restaurant_id": order.restaurant_id,
            "href": f"orders/{order.order_id}",  # below the URL of the API
            "respond_within_seconds": self._respond_within,
        }
        try:
            self._client.publish(
                TopicArn=self._topic_arn,
                Message=json.dumps(message),
                MessageAttributes={
                    "restaurant_id": {"DataType": "String", "StringValue": order.restaurant_id},
                },
            )
        except (ClientError, BotoCoreError) as error:
            raise MessageNotSent(f"to the restaurant of order {order.order_id}: {type(error).__name__}") from None
