"""Logs and metrics of promotions: made on first use."""

from collections.abc import Callable
from functools import cache, wraps
from typing import Any

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

from contexts.promotions.application.send_voucher import Sent
from contexts.promotions.domain.voucher import NoVoucher

Handler = Callable[[dict[str, Any], Any], Any]


@cache
def logger() -> Logger:
    """JSON lines, each about an order with its id as the correlation id; no personal data."""
    return Logger(service="promotions")


@cache
def metrics() -> Metrics:
    return Metrics(service="promotions")


def observed(handler: Handler) -> Handler:
    """The handler, with its request in every line of its log."""

    @cache
    def logged() -> Handler:
        wrapped: Handler = logger().inject_lambda_context(handler)
        return wrapped

    @wraps(handler)
    def call(event: dict[str, Any], context: Any) -> Any:
        return logged()(event, context)

    return call


def count(outcome: Sent | NoVoucher) -> None:
    """1 for an order with a voucher, 0 for one without: the average is vouchers per completed order.

    Who finds nothing left to do counts nothing: whoever did it has counted.
    """
    if outcome is Sent.BEFORE:
        return
    counter = metrics()
    counter.add_metric("VouchersPerOrder", MetricUnit.Count, 1 if isinstance(outcome, Sent) else 0)
    counter.flush_metrics()
