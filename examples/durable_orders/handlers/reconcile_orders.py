"""Reconcile orders: as in orders, by the list of durable executions."""

from typing import Any

from contexts.orders.handlers.reconcile_orders import look
from examples.durable_orders.bootstrap import durable


def handler(event: dict[str, Any], context: Any) -> dict[str, int]:
    return look(event, context, durable())
