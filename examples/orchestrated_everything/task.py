"""The part that all steps of this workflow share: run orders' own step, answer with the events for neighbours."""

from collections.abc import Callable
from typing import Any

from contexts.orders.domain.lifecycle import Status
from contexts.orders.observability import count, count_status, logger
from contexts.orders.workflow.steps import STEPS, Step, UseCase
from contexts.orders.workflow.task import answer_of
from examples.orchestrated_everything.bootstrap import orchestrated
from examples.orchestrated_everything.records import records

Handler = Callable[[dict[str, Any], Any], dict[str, Any]]


def workflow_task(use_case: UseCase, *, takes: Status | None = None) -> Handler:
    """Make the handler of a step, as contexts.orders.workflow.task does.

    The neighbours' data travels through the workflow's history here. `takes` is for a step that this wiring alone has.
    """
    step = STEPS.get(use_case.__name__) or Step(use_case, takes=takes)

    def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
        order_id = str(event["order_id"])
        log, ports = logger(), orchestrated()
        log.set_correlation_id(order_id)
        log.append_keys(function_request_id=context.aws_request_id)
        ports.events.take()  # discards events that an earlier call has left here by failing
        if step.counts:
            count(step.counts)
        order = use_case(order_id, ports)
        if order.status is step.takes:
            count_status(order)
        told = records(ports.events.take())
        log.info(f"{step.name} done", extra={"status": order.status, "records": len(told)})
        return {**answer_of(order), "records": told}

    return handler
