"""What promotions counts: how many vouchers orders earn."""

from aws_lambda_powertools import Metrics
from aws_lambda_powertools.metrics import MetricUnit

from contexts.promotions.application.send_voucher import Sent
from contexts.promotions.domain.voucher import NoVoucher


def count(outcome: Sent | NoVoucher) -> None:
    """1 for an order with a voucher, 0 for one without: the average is vouchers per completed order.

    Who finds nothing left to do counts nothing: whoever did it has counted.
    """
    if outcome is Sent.BEFORE:
        return
    metrics = Metrics(service="promotions")
    metrics.add_metric("VouchersPerOrder", MetricUnit.Count, 1 if isinstance(outcome, Sent) else 0)
    metrics.flush_metrics()
