"""Optimistic locking: try again when another writer was faster."""

from collections.abc import Callable
from typing import TypeVar

from contexts.orders.application.ports import Conflict

Recorded = TypeVar("Recorded")
ATTEMPTS = 5  # an order has few writers, and a conflict means that one of them got on


def without_conflict(order_id: str, once: Callable[[], Recorded]) -> Recorded:
    """Call `once`, which reads, decides and writes, again after each Conflict; return its result.

    Raises Conflict after five attempts, because an order has few writers and more conflicts mean a fault.
    """
    for _ in range(ATTEMPTS):
        try:
            return once()
        except Conflict:
            continue
    raise Conflict(f"order {order_id} kept changing")
