"""What every task of the workflow has in common: {"order_id": …} in, one line of log, the use case's answer out."""

from collections.abc import Callable
from typing import Any

from contexts.orders.application.ports import Ports
from contexts.orders.bootstrap import production
from contexts.orders.domain.lifecycle import Status
from contexts.orders.domain.order import Order
from contexts.orders.observability import Handler, count_status, logger, observed

Step = Callable[[str, Ports], Order]


def workflow_task(step: Step, *, takes: Status | None = None) -> Handler:
    """A Lambda handler for a step. It answers with enumerations only: the history is no copy of the order.

    `takes` is the status that the step gives the order, and counts; it may find that something else was decided.
    """

    def handler(event: dict[str, Any], context: Any) -> dict[str, str | None]:
        order_id = str(event["order_id"])
        log = logger()
        log.set_correlation_id(order_id)
        log.append_keys(function_request_id=context.aws_request_id)
        order = step(order_id, production())
        if order.status is takes:
            count_status(order)
        log.info(f"{step.__name__} done", extra={"status": order.status})
        return answer_of(order)

    return observed(handler)


def answer_of(order: Order) -> dict[str, str | None]:
    """What the workflow gets to know of an order, and decides by."""
    return {"status": order.status, "decision": order.decision, "completion": order.completion}
