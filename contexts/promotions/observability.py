"""Logs and metrics of promotions, built on first use."""

from functools import cache

from aws_lambda_powertools import Logger, single_metric
from aws_lambda_powertools.metrics import MetricUnit

from contexts.promotions.application.send_voucher import Sent
from contexts.promotions.domain.voucher import NoVoucher


@cache
def logger() -> Logger:
    """Return the logger of JSON lines.

    Each line is about an order, has its id as the correlation id, and no personal data.
    """
    return Logger(service="promotions")


def count(outcome: Sent | NoVoucher) -> None:
    """Count an order as 1 if it has a voucher, else as 0, so that the average is vouchers per completed order.

    A delivery that finds nothing left to do counts nothing, because an earlier one has counted.
    """
    if outcome is Sent.BEFORE:
        return
    vouchers = 1 if isinstance(outcome, Sent) else 0
    with single_metric("VouchersPerOrder", MetricUnit.Count, vouchers, default_dimensions={"service": "promotions"}):
        pass  # the metric is written when the block ends
