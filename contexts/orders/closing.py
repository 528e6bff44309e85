"""Closes the order of an execution that ended from outside, counts it, and tells its customer if that is possible."""

from contexts.orders.application.ports import MessageNotSent, Ports
from contexts.orders.application.steps import close_order
from contexts.orders.observability import count, count_status, logger

TRIES_TO_TELL = 3  # attempts at the e-mail; the queue allows more attempts at closing the order


def close(order_id: str, ports: Ports, *, ended: str, tries: int) -> None:
    """Close the order of an execution.

    `ended` is the status of the execution; `tries` counts the attempts so far, including this one. Raises
    MessageNotSent for the first attempts, so that the queue delivers the message again.
    """
    log = logger()
    log.set_correlation_id(order_id)
    was_open = ports.orders.get(order_id).is_open
    try:
        close_order(order_id, ports, timed_out=ended == "TIMED_OUT")
    except MessageNotSent as error:  # the order is closed and its events are published by now
        if tries < TRIES_TO_TELL:
            raise
        count("UserNotNotified")
        log.warning("its customer was not told", extra={"reason": str(error)})
    finally:
        order = ports.orders.get(order_id)
        if was_open and not order.is_open:
            count_status(order)
            count("OrdersClosedFromOutside")
    log.info("close_order done", extra={"execution": ended, "status": order.status})
