"""Logs and metrics of analytics, built on first use."""

from collections.abc import Iterable
from datetime import datetime
from functools import cache

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

from contexts.analytics.consumed_events import OrderEvent


@cache
def logger() -> Logger:
    """Return the logger of JSON lines, without personal data."""
    return Logger(service="analytics")


@cache
def metrics() -> Metrics:
    return Metrics(service="analytics")


def count(stored: Iterable[OrderEvent], *, quarantined: int, now: datetime) -> None:
    """Record the age of each stored event, in milliseconds, and the number of quarantined ones.

    Replayed events are left out, because their age says nothing about today's delay.
    """
    counter = metrics()
    for event in stored:
        if event.replay is None:
            age = now - event.detail.metadata.occurred_at
            counter.add_metric("IngestionLag", MetricUnit.Milliseconds, age.total_seconds() * 1000)
    if quarantined:
        counter.add_metric("EventsQuarantined", MetricUnit.Count, quarantined)
    if counter.metric_set:
        counter.flush_metrics()


def count_unreadable(objects: int) -> None:
    """Count objects of the lake that compaction or the report had to leave out."""
    if objects:
        counter = metrics()
        counter.add_metric("ObjectsUnreadable", MetricUnit.Count, objects)
        counter.flush_metrics()
