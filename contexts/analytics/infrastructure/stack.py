"""The stack of analytics: a lake, functions that fill, tidy and read it, a subscription that feeds it."""

from typing import Any

from aws_cdk import Duration, Stack, TimeZone
from aws_cdk import aws_scheduler as scheduler
from constructs import Construct

from contexts.analytics import zones
from contexts.analytics.infrastructure import emptying, glue_table, signals, subscriptions
from contexts.analytics.infrastructure.functions import LakeFunction
from contexts.analytics.infrastructure.storage import LakeBucket
from shared.infrastructure.deployment import Deployment
from shared.infrastructure.monitoring import Monitoring
from shared.infrastructure.outputs import add_outputs
from shared.infrastructure.schedule import regularly
from shared.infrastructure.signals import of_function, of_subscription

HOURLY = scheduler.ScheduleExpression.rate(Duration.hours(1))
NIGHTLY = scheduler.ScheduleExpression.cron(hour="3", minute="30", time_zone=TimeZone.ETC_UTC)


class AnalyticsStack(Stack):
    """Wires the constructs of analytics. It knows the bus by its name, and nothing of the rest of the system.

    `athena=False` leaves out the tables for Athena, for an engine without Glue. `write_once=False` leaves out the
    condition that keeps functions from overwriting raw objects, for an engine that does not know it (docs/adr/0016).
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        deployment: Deployment,
        athena: bool = True,
        write_once: bool = True,
        **kwargs: Any,
    ) -> None:
        super().__init__(scope, id, **kwargs)
        lake = LakeBucket(self, "Lake", deployment=deployment)
        ingest_events = LakeFunction(
            self, "IngestEvents", deployment=deployment, handler="ingest_events", lake=lake, timeout_seconds=30
        )
        ingest_events.may_add(zones.RAW, write_once=write_once)
        ingest_events.may("s3:PutObject", zones.NEW, zones.QUARANTINE)

        compact_lake = LakeFunction.large(self, "CompactLake", deployment=deployment, handler="compact_lake", lake=lake)
        compact_lake.may_list()
        compact_lake.may("s3:GetObject", zones.RAW, zones.CURATED, zones.AGGREGATES, zones.ORDERS)
        compact_lake.may("s3:PutObject", zones.CURATED, zones.AGGREGATES, zones.ORDERS)
        compact_lake.may("s3:DeleteObject", zones.NEW)

        write_report = LakeFunction.large(self, "WriteReport", deployment=deployment, handler="write_report", lake=lake)
        write_report.may_list()
        write_report.may("s3:GetObject", zones.RAW, zones.CURATED, zones.AGGREGATES, zones.ORDERS)
        write_report.may("s3:PutObject", zones.REPORTS)

        release = LakeFunction(
            self,
            "ReleaseQuarantine",
            deployment=deployment,
            handler="release_quarantine",
            lake=lake,
            timeout_seconds=300,
        )
        release.may_list()
        release.may("s3:GetObject", zones.QUARANTINE)
        release.may_add(zones.RAW, write_once=write_once)
        release.may("s3:PutObject", zones.NEW, zones.QUARANTINE)
        release.may("s3:DeleteObject", zones.QUARANTINE)

        if not deployment.is_production:
            emptying.emptied_with_its_stack(
                self,
                deployment=deployment,
                lake=lake,
                written_by=[ingest_events, compact_lake, write_report, release],
            )
        for schedule, name, expression, function in (
            ("Compaction", "analytics-compact-lake", HOURLY, compact_lake),
            ("Reporting", "analytics-write-report", NIGHTLY, write_report),
        ):
            regularly(self, schedule, deployment=deployment, name=name, expression=expression, function=function)
        if athena:
            glue_table.catalogue(self, deployment=deployment, lake=lake)
        subscription = subscriptions.all_events(self, deployment=deployment, function=ingest_events)
        functions = (ingest_events, compact_lake, write_report, release)
        Monitoring(
            self,
            "Monitoring",
            deployment=deployment,
            context="analytics",
            watched=[
                *signals.of_lake(deployment, compact_lake),
                *of_subscription(subscription),
                *(line for function in functions for line in of_function(function)),
            ],
        )
        made = {"LakeBucket": lake.bucket_name}
        called = {"Compact": compact_lake, "Report": write_report, "Release": release}
        add_outputs(self, made | {f"{what}FunctionName": function.function_name for what, function in called.items()})
        subscription.add_outputs(self)
