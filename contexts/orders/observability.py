"""Logs and metrics of orders, built on first use; the function's environment gives their service and namespace."""

from functools import cache

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

from contexts.orders.domain.lifecycle import RESTAURANT_NOTIFIED, Change, ChangeType, Status, change_to
from contexts.orders.domain.order import Order

# status that ends a duration -> the metric's name, and the change with which the duration began
DURATIONS = {
    Status.ACCEPTED: ("TimeToAccept", RESTAURANT_NOTIFIED),
    Status.COMPLETED: ("TimeToComplete", Change(ChangeType.ORDER_PLACED)),
}


@cache
def logger() -> Logger:
    """Return the logger of JSON lines.

    Every line about an order has its id as the correlation id, and no personal data.
    """
    return Logger()


@cache
def metrics() -> Metrics:
    return Metrics()


def count(name: str) -> None:
    """Add one to a metric of this context."""
    counter = metrics()
    counter.add_metric(name, MetricUnit.Count, 1)
    counter.flush_metrics()


def count_status(order: Order) -> None:
    """Count that an order has taken a status, in a metric such as OrdersPlaced or OrdersTimedOut.

    Also records how long that took, in milliseconds, for the statuses of DURATIONS.
    """
    counter = metrics()
    counter.add_metric(f"Orders{order.status.title().replace('_', '')}", MetricUnit.Count, 1)
    if order.status in DURATIONS:
        name, begun = DURATIONS[order.status]
        if order.has(begun):
            took = order.changes[change_to(order.status)] - order.changes[begun]
            counter.add_metric(name, MetricUnit.Milliseconds, took.total_seconds() * 1000)
    counter.flush_metrics()
