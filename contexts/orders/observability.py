"""Logs, metrics and traces of orders: made on first use, named by the function's environment."""

from collections.abc import Callable
from functools import cache, wraps
from typing import Any

from aws_lambda_powertools import Logger, Metrics, Tracer
from aws_lambda_powertools.metrics import MetricUnit

from contexts.orders.domain.lifecycle import RESTAURANT_NOTIFIED, Change, ChangeType, Status, change_to
from contexts.orders.domain.order import Order

Handler = Callable[[dict[str, Any], Any], Any]
# the duration that ends with a status, and the change with which it began
DURATIONS = {
    Status.ACCEPTED: ("TimeToAccept", RESTAURANT_NOTIFIED),
    Status.COMPLETED: ("TimeToComplete", Change(ChangeType.ORDER_PLACED)),
}


@cache
def logger() -> Logger:
    """JSON lines. Every line about an order carries its id as the correlation id, and no personal data."""
    return Logger()


@cache
def metrics() -> Metrics:
    return Metrics()


@cache
def tracer() -> Tracer:
    return Tracer(patch_modules=["botocore"])


def observed(handler: Handler) -> Handler:
    """The handler, traced. What it answers stays out of the trace: it may be personal."""

    @cache
    def traced() -> Handler:
        wrapped: Handler = tracer().capture_lambda_handler(handler, capture_response=False)
        return wrapped

    @wraps(handler)
    def call(event: dict[str, Any], context: Any) -> Any:
        return traced()(event, context)

    return call


def count(name: str) -> None:
    """Add one to a metric of this context."""
    counter = metrics()
    counter.add_metric(name, MetricUnit.Count, 1)
    counter.flush_metrics()


def count_status(order: Order) -> None:
    """An order has taken a status: OrdersPlaced, OrdersAccepted, …; and how long that took, where that is a promise."""
    counter = metrics()
    counter.add_metric(f"Orders{order.status.title().replace('_', '')}", MetricUnit.Count, 1)
    if order.status in DURATIONS:
        name, begun = DURATIONS[order.status]
        if order.has(begun):
            took = order.changes[change_to(order.status)] - order.changes[begun]
            counter.add_metric(name, MetricUnit.Milliseconds, took.total_seconds() * 1000)
    counter.flush_metrics()
