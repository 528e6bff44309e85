"""The subscription of analytics: this file is all that ties it to another context."""

from aws_cdk import aws_events as events
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from shared.infrastructure.deployment import Deployment
from shared.infrastructure.subscribed_queue import SubscribedQueue

SOURCES = ["takeaway.orders"]  # every type of event, including future ones
# Only events that readers of version 1 understand. A breaking version is published beside version 1; a rule that takes
# both would store each event twice.
READABLE = {"metadata": {"breaks": [{"exists": False}]}}


def all_events(scope: Construct, *, deployment: Deployment, function: lambda_.Function) -> SubscribedQueue:
    return SubscribedQueue(
        scope,
        "AllEvents",
        deployment=deployment,
        name="analytics-all-events",
        event_pattern=events.EventPattern(source=SOURCES, detail=READABLE),
        function=function,
        # Nobody waits for a line in the lake, so events are gathered for a while: that makes fewer and larger files.
        batch_size=500,
        batching_window_seconds=30,
    )
