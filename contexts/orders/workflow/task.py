"""The part that all tasks of the workflow share: take {"order_id": …}, call the use case, log one line, answer."""

from collections.abc import Callable
from typing import Any

from contexts.orders.bootstrap import production, ready
from contexts.orders.domain.order import Order
from contexts.orders.observability import count, count_status, logger
from contexts.orders.workflow.steps import STEPS, UseCase

TOLD_BY = {"restaurant": ("restaurants",), "customer": ("customers",)}
Handler = Callable[[dict[str, Any], Any], dict[str, str | None]]


def workflow_task(use_case: UseCase) -> Handler:
    """Make the Lambda handler of a step (see `steps`).

    The handler returns enumerations only, so that no personal data enters the execution history.
    """
    step = STEPS[use_case.__name__]
    ready("orders", "events", "clock", *(TOLD_BY[step.tells] if step.tells else ()))

    def handler(event: dict[str, Any], context: Any) -> dict[str, str | None]:
        order_id = str(event["order_id"])
        log = logger()
        log.set_correlation_id(order_id)
        log.append_keys(function_request_id=context.aws_request_id)
        if step.counts:
            count(step.counts)
        order = use_case(order_id, production())
        if order.status is step.takes:  # it has another one if something else was decided before
            count_status(order)
        log.info(f"{step.name} done", extra={"status": order.status})
        return answer_of(order)

    return handler


def answer_of(order: Order) -> dict[str, str | None]:
    """Return the fields of an order by which the workflow chooses its next state."""
    return {"status": order.status, "decision": order.decision, "completion": order.completion}
