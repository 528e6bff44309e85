"""Reconcile orders: on a schedule, closes orders whose execution ended without its event being delivered.

Operators may invoke it too: {"hours": 48} looks further back, {"grace_seconds": 0} up to this moment.
"""

from datetime import timedelta
from typing import Any

from contexts.orders.application.reconcile_orders import GRACE, LOOK_BACK, MOST, ReconcilingPorts, reconcile_orders
from contexts.orders.bootstrap import production
from contexts.orders.observability import count, logger


def handler(event: dict[str, Any], context: Any) -> dict[str, int]:
    return look(event, context, production())


def look(event: dict[str, Any], context: Any, ports: ReconcilingPorts) -> dict[str, int]:
    """Once, and how many were looked at and found open."""
    log = logger()
    log.append_keys(function_request_id=context.aws_request_id)
    look_back = timedelta(hours=int(event["hours"])) if "hours" in event else LOOK_BACK
    grace = timedelta(seconds=int(event["grace_seconds"])) if "grace_seconds" in event else GRACE
    found = reconcile_orders(ports, look_back=look_back, grace=grace)
    for order_id in found.open:
        count("OrdersReconciled")
        log.warning("its execution ended unheard", extra={"correlation_id": order_id})
    if found.looked_at == MOST:
        log.error("more executions ended than one look takes: the oldest were left to the looks before")
    log.info("reconcile_orders done", extra={"looked_at": found.looked_at, "open": len(found.open)})
    return {"looked_at": found.looked_at, "open": len(found.open)}
