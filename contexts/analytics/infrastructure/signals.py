"""Alarms and graphs of analytics beside those of its subscription and functions: the state of the lake."""

from collections.abc import Iterator

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_lambda as lambda_

from shared.infrastructure.deployment import Deployment
from shared.infrastructure.signals import own_metric
from shared.infrastructure.watched import Line, Signal

LATE, PERIODS_LATE = Duration.minutes(5), 3  # a batch gathers for thirty seconds
UNREADABLE = "an object of the lake could not be read: compaction leaves its day, the report does without it"
HOURS_NOT_TIDIED = 3  # compaction runs every hour


def of_lake(deployment: Deployment, compact_lake: lambda_.Function) -> Iterator[Line]:
    def lag(statistic: str) -> cloudwatch.Metric:
        return own_metric(deployment, "analytics", "IngestionLag", statistic=statistic)

    yield Signal(
        name="ingestion-lag",
        tells="events are five minutes old, or older, when they come into the lake",
        graph="Lake: age of events when they come in",
        label="p95",
        metric=lag("p95"),
        threshold=LATE.to_milliseconds(),
        periods=PERIODS_LATE,
    )
    for statistic in ("p50", "Maximum"):
        yield Line(graph="Lake: age of events when they come in", label=statistic, metric=lag(statistic))
    yield Line(graph="Lake: events that came in", label="events", metric=lag("SampleCount"))
    for name, metric, label, graph, tells in (
        ("quarantine", "EventsQuarantined", "events", "Lake: events in quarantine", "an event could not be read"),
        ("unreadable", "ObjectsUnreadable", "objects", "Lake: objects that can't be read", UNREADABLE),
    ):
        found = own_metric(deployment, "analytics", metric)
        yield Signal(name=name, tells=tells, graph=graph, label=label, metric=found)
    yield Signal(
        name="compaction-missing",
        tells="the lake was not compacted for three hours",
        graph="Lake: compactions",
        label="runs",
        metric=compact_lake.metric_invocations(period=Duration.hours(1)),
        below=True,
        periods=HOURS_NOT_TIDIED,
        # No data means that the function did not run. So the alarm also rings after a first deployment, until it runs.
        missing=cloudwatch.TreatMissingData.BREACHING,
    )
