"""Logs and metrics of promotions: made on first use."""

from functools import cache

from aws_lambda_powertools import Logger, single_metric
from aws_lambda_powertools.metrics import MetricUnit

from contexts.promotions.application.send_voucher import Sent
from contexts.promotions.domain.voucher import NoVoucher


@cache
def logger() -> Logger:
    """JSON lines, each about an order with its id as the correlation id; no personal data."""
    return Logger(service="promotions")


def count(outcome: Sent | NoVoucher) -> None:
    """1 for an order with a voucher, 0 for one without: the average is vouchers per completed order.

    Who finds nothing left to do counts nothing: whoever did it has counted.
    """
    if outcome is Sent.BEFORE:
        return
    vouchers = 1 if isinstance(outcome, Sent) else 0
    with single_metric("VouchersPerOrder", MetricUnit.Count, vouchers, default_dimensions={"service": "promotions"}):
        pass  # it is written at the end of the block
