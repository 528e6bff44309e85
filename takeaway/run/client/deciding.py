"""What is decided about an order, through the public API and by whoever may."""

from typing import Any

from takeaway.run.client.people import CUSTOMERS
from takeaway.run.client.system import System

OPEN = ("PLACED", "ACCEPTED")


def decided(system: System, call: str, order_id: str, *, reason: str | None = None) -> dict[str, Any]:
    """The order after accept, reject, complete or cancel. Raises Refused."""
    placed, tokens = system.placed(order_id), system.tokens
    by_customer = call in CUSTOMERS
    token = tokens.customer(placed.customer_id) if by_customer else tokens.restaurant(placed.restaurant_id)
    return system.api.act(call, order_id, token=token, reason=reason)


def stands_instead(order: dict[str, Any], wanted: str) -> str:
    """What was decided before, if that is another thing than wanted; else empty.

    The API takes the same decision twice, since its first answer may have been lost. A person who comes when the order
    has gone on, or ended, is told so: nothing has changed.
    """
    stands = order.get("completion") or order["decision"]
    if stands == wanted and order["status"] in (*OPEN, wanted.upper()):
        return ""
    return str(stands if stands != wanted else order["status"])
