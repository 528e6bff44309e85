"""What analytics listens to: this file is all that ties it to another context."""

from aws_cdk import aws_events as events
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from shared.infrastructure.deployment import Deployment
from shared.infrastructure.subscribed_queue import SubscribedQueue

SOURCES = ["takeaway.orders"]  # every event of it, also those that are yet to be invented
# Whatever the first version's readers can read. What breaks them comes beside it: with both, all would come twice.
READABLE = {"metadata": {"breaks": [{"exists": False}]}}


def all_events(scope: Construct, *, deployment: Deployment, function: lambda_.Function) -> SubscribedQueue:
    return SubscribedQueue(
        scope,
        "AllEvents",
        deployment=deployment,
        name="analytics-all-events",
        event_pattern=events.EventPattern(source=SOURCES, detail=READABLE),
        function=function,
        # Nobody waits for a line of the lake: a few seconds of patience make fewer and larger files.
        batch_size=500,
        batching_window_seconds=30,
    )
