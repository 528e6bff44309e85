"""Skip notification: a task of the workflow. A mail that can't be sent stops no order; it is counted here and alarmed."""

from aws_lambda_powertools.metrics import MetricUnit

from contexts.orders.application.ports import Ports
from contexts.orders.application.use_cases import skip_notification
from contexts.orders.domain.order import Order
from contexts.orders.handlers.workflow_task import workflow_task
from contexts.orders.observability import metrics


def _counted(order_id: str, ports: Ports) -> Order:
    counter = metrics()
    counter.add_metric("UserNotNotified", MetricUnit.Count, 1)
    counter.flush_metrics()
    return skip_notification(order_id, ports)


handler = workflow_task(_counted)
