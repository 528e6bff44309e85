"""Skip notification: a task of the workflow. A mail that can't be sent stops no order; it is counted."""

from functools import wraps

from contexts.orders.application.ports import Ports
from contexts.orders.application.use_cases import skip_notification
from contexts.orders.domain.order import Order
from contexts.orders.observability import count
from examples.orchestrated_everything.task import workflow_task


@wraps(skip_notification)
def _counted(order_id: str, ports: Ports) -> Order:
    count("UserNotNotified")
    return skip_notification(order_id, ports)


handler = workflow_task(_counted)
