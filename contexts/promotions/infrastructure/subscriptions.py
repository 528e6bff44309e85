"""The subscription of promotions: this file is all that ties it to another context."""

from aws_cdk import aws_events as events
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from shared.infrastructure.deployment import Deployment
from shared.infrastructure.subscribed_queue import SubscribedQueue

SOURCES = ["takeaway.orders"]
DETAIL_TYPES = ["order_completed"]
# Only events that readers of version 1 understand. A breaking version is published beside version 1, and a rule that
# takes both would deliver each order twice.
READABLE = {"metadata": {"breaks": [{"exists": False}]}}


def completed_orders(scope: Construct, *, deployment: Deployment, function: lambda_.Function) -> SubscribedQueue:
    return SubscribedQueue(
        scope,
        "CompletedOrders",
        deployment=deployment,
        name="promotions-completed-orders",
        event_pattern=events.EventPattern(source=SOURCES, detail_type=DETAIL_TYPES, detail=READABLE),
        function=function,
        # Limited because thousands of messages may wait after an outage: SES takes a few e-mails a second, and a
        # message that is throttled counts as tried.
        max_concurrency=5,
    )
