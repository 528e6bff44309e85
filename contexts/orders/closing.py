"""An execution ended from outside: its order is closed and counted, and its customer told if that can be done."""

from contexts.orders.application.ports import MessageNotSent, Ports
from contexts.orders.application.steps import close_order
from contexts.orders.observability import count, count_status, logger

TRIES_TO_TELL = 3  # the customer; the queue tries more often to close the order


def close(order_id: str, ports: Ports, *, ended: str, tries: int) -> None:
    """`ended` is the status of the execution; `tries` counts the attempts at this, with this one."""
    log = logger()
    log.set_correlation_id(order_id)
    was_open = ports.orders.get(order_id).is_open
    try:
        close_order(order_id, ports, timed_out=ended == "TIMED_OUT")
    except MessageNotSent as error:  # closed and published all the same
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
