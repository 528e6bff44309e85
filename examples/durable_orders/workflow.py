"""The whole process of an order, in code; contexts/orders/workflow/order.asl.json has the same as a definition.

It runs again from its beginning whenever the execution goes on, and gets from the history what was done before. So what
is no step does the same each time: no clock, no chance, no call. `takeaway doctor` sees to that.
"""

from contextlib import suppress

from aws_durable_execution_sdk_python.exceptions import DurableOperationError

from contexts.orders.application.ports import Wait
from contexts.orders.domain.lifecycle import Completion, Decision
from examples.durable_orders.steps import Steps


class OrderFailed(Exception):
    """A step failed after all its retries; the failed step in the history says which."""


def process(order: Steps) -> None:
    """Bring an order from its placing to its end. Raises OrderFailed, which fails the execution."""
    try:
        _place(order)
    except DurableOperationError as error:
        with suppress(DurableOperationError):
            order.does("Fail order")
            order.tells("Notify user of failure", instead="Skip notification of failure")
        raise OrderFailed(str(error)) from error


def _place(order: Steps) -> None:
    order.does("Place order", patient=False)
    order.does("Notify restaurant", patient=False)
    decision = order.awaits("Await restaurant decision", Wait.DECISION) or order.does("Expire order")["decision"]
    match decision:
        case Decision.ACCEPTED:
            order.does("Accept order")
            order.tells("Notify user")
            _deliver(order)
        case Decision.REJECTED:
            order.does("Reject order")
            order.tells("Notify user of outcome")
        case Decision.CANCELLED:
            order.does("Cancel order")
            order.tells("Notify user of outcome")
        case _:
            order.tells("Notify user of outcome")


def _deliver(order: Steps) -> None:
    completion = order.awaits("Await completion", Wait.COMPLETION) or order.does("Time out order")["completion"]
    if completion == Completion.COMPLETED:
        order.does("Complete order")
    else:
        order.tells("Notify user of outcome")
