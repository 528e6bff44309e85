"""Records what becomes of an order, whoever else writes at the same time."""

from collections.abc import Callable
from typing import TypeVar

from contexts.orders.application.ports import Conflict

Recorded = TypeVar("Recorded")
ATTEMPTS = 5  # a conflict means that someone else moved on; an order has few writers


def without_conflict(order_id: str, once: Callable[[], Recorded]) -> Recorded:
    """Reads, decides and writes `once`, and anew when someone wrote in between. Raises Conflict if that never ends."""
    for _ in range(ATTEMPTS):
        try:
            return once()
        except Conflict:
            continue
    raise Conflict(f"order {order_id} kept changing")
