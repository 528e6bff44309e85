"""What analytics counts: how old events are when they come into the lake, and how much can't be read."""

from collections.abc import Iterable
from datetime import datetime

from aws_lambda_powertools import Metrics
from aws_lambda_powertools.metrics import MetricUnit

from contexts.analytics.consumed_events import OrderEvent


def count(stored: Iterable[OrderEvent], *, quarantined: int, now: datetime) -> None:
    """An event that is replayed was there in time once: how old it is by now is nobody's fault."""
    metrics = Metrics(service="analytics")
    for event in stored:
        if event.replay is None:
            age = now - event.detail.metadata.occurred_at
            metrics.add_metric("IngestionLag", MetricUnit.Milliseconds, age.total_seconds() * 1000)
    if quarantined:
        metrics.add_metric("EventsQuarantined", MetricUnit.Count, quarantined)
    if metrics.metric_set:
        metrics.flush_metrics()


def count_unreadable(objects: int) -> None:
    """Objects of the lake that compaction, or the report, had to do without."""
    if objects:
        metrics = Metrics(service="analytics")
        metrics.add_metric("ObjectsUnreadable", MetricUnit.Count, objects)
        metrics.flush_metrics()
