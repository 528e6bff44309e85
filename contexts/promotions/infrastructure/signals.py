"""Alarms and graphs of promotions beside those of its subscription and its function: vouchers per completed order."""

from collections.abc import Iterator

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch

from shared.infrastructure.deployment import Deployment
from shared.infrastructure.interface import as_interface
from shared.infrastructure.signals import heard, own_metric
from shared.infrastructure.subscribed_queue import SubscribedQueue
from shared.infrastructure.watched import Line, Signal

RATIO = "VouchersPerOrder"
HOUR = Duration.hours(1)
TOO_FEW, HOURS_TOO_FEW = 0.2, 3  # fewer than one order in five, for three hours in which there were orders
GRAPH = "Vouchers per completed order"


def of_vouchers(deployment: Deployment, subscription: SubscribedQueue) -> Iterator[Line]:
    """Yield the signal that too few orders earn a voucher, and the graphs around it.

    Each order counts as 1 or 0 vouchers, so the average is the ratio and an alarm on it needs no expression.
    """

    def ratio(statistic: str) -> cloudwatch.Metric:
        return own_metric(deployment, "promotions", RATIO, statistic=statistic, period=HOUR)

    yield Signal(
        name="few-vouchers",
        tells="fewer than one completed order in five earns a voucher, for three hours",
        graph=GRAPH,
        label="of the orders that were answered",
        metric=ratio("Average"),
        threshold=TOO_FEW,
        below=True,
        periods=HOURS_TOO_FEW,
    )
    vouchers, completed = ratio("Sum"), heard(subscription).with_(period=HOUR)
    # Counts what the bus has delivered, so orders that wait in the queue or in the dead-letter queue are in it.
    expression = cloudwatch.MathExpression(
        expression="vouchers / completed",
        using_metrics=as_interface({"vouchers": vouchers, "completed": completed}),
        period=HOUR,
    )
    yield Line(graph=GRAPH, label="of the orders that the bus told of", metric=expression)
    yield Line(graph="Vouchers", label="vouchers", metric=vouchers)
    yield Line(graph="Vouchers", label="completed orders", metric=completed)
