"""The stack of the shared bus, which contexts know by its name."""

from typing import Any

from aws_cdk import CfnOutput, Duration, Stack
from aws_cdk import aws_events as events
from constructs import Construct

from shared.infrastructure.deployment import Deployment

ARCHIVE_DAYS = 90  # how far back a subscriber can catch up


class EventBusStack(Stack):
    """The bus `takeaway-<stage>`, with an archive from which events can be replayed to one subscriber.

    `archive=False` leaves the archive out of the template, for an engine whose CloudFormation does not know it.
    """

    def __init__(
        self, scope: Construct, id: str, *, deployment: Deployment, archive: bool = True, **kwargs: Any
    ) -> None:
        super().__init__(scope, id, **kwargs)
        bus = events.EventBus(
            self, "Bus", event_bus_name=deployment.bus_name, description="State changes between contexts"
        )
        bus.apply_removal_policy(deployment.removal_policy)
        if archive:
            kept = events.Archive(
                self,
                "Archive",
                source_event_bus=bus,
                archive_name=deployment.prefix,
                description="Every event of a context, for replay",
                event_pattern=events.EventPattern(source=events.Match.prefix("takeaway.")),
                retention=Duration.days(ARCHIVE_DAYS),
            )
            kept.apply_removal_policy(deployment.removal_policy)
        CfnOutput(self, "BusName", value=bus.event_bus_name)
