"""What every step of this workflow has in common: orders' own step, and in its answer the events for the neighbours."""

from collections.abc import Callable
from typing import Any

from contexts.orders.application.ports import Ports
from contexts.orders.domain.lifecycle import Status
from contexts.orders.domain.order import Order
from contexts.orders.observability import Handler, count_status, logger, observed
from examples.orchestrated_everything.bootstrap import orchestrated
from examples.orchestrated_everything.records import records

Step = Callable[[str, Ports], Order]


def workflow_task(step: Step, *, takes: Status | None = None) -> Handler:
    """As contexts.orders.workflow.task has it. What neighbours need to know travels through the workflow's history."""

    def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
        order_id = str(event["order_id"])
        log, system = logger(), orchestrated()
        log.set_correlation_id(order_id)
        log.append_keys(function_request_id=context.aws_request_id)
        system.events.take()  # what an earlier call that failed has left here
        order = step(order_id, system)
        if order.status is takes:
            count_status(order)
        told = records(system.events.take())
        log.info(f"{step.__name__} done", extra={"status": order.status, "records": len(told)})
        return {"status": order.status, "decision": order.decision, "completion": order.completion, "records": told}

    return observed(handler)
