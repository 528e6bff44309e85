"""What every task of the workflow has in common: {"order_id": …} in, one line of log, the use case's answer out."""

from collections.abc import Callable
from typing import Any

from contexts.orders.application.ports import Ports
from contexts.orders.bootstrap import production
from contexts.orders.domain.order import Order
from contexts.orders.observability import logger

Step = Callable[[str, Ports], Order]
Handler = Callable[[dict[str, Any], Any], dict[str, str | None]]


def workflow_task(step: Step) -> Handler:
    """A Lambda handler for a step. It answers with enumerations only: the history is no copy of the order."""

    def handler(event: dict[str, Any], context: Any) -> dict[str, str | None]:
        order_id = str(event["order_id"])
        log = logger()
        log.set_correlation_id(order_id)
        log.append_keys(function_request_id=context.aws_request_id)
        order = step(order_id, production())
        log.info(f"{step.__name__} done", extra={"status": order.status})
        return {"status": order.status, "decision": order.decision, "completion": order.completion}

    return handler
