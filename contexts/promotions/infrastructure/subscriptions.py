"""What promotions listens to: this file is all that ties it to another context."""

from aws_cdk import aws_events as events
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from shared.infrastructure.deployment import Deployment
from shared.infrastructure.subscribed_queue import SubscribedQueue

SOURCES = ["takeaway.orders"]
DETAIL_TYPES = ["order_completed"]
# Whatever the first version's readers can read. What breaks them is published beside it, and is not for them.
READABLE = {"metadata": {"breaks": [{"exists": False}]}}


def completed_orders(scope: Construct, *, deployment: Deployment, function: lambda_.Function) -> SubscribedQueue:
    return SubscribedQueue(
        scope,
        "CompletedOrders",
        deployment=deployment,
        name="promotions-completed-orders",
        event_pattern=events.EventPattern(source=SOURCES, detail_type=DETAIL_TYPES, detail=READABLE),
        function=function,
        # After an outage thousands may wait: SES takes a few e-mails a second, and a throttled message counts as tried.
        max_concurrency=5,
    )
