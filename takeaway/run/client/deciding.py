"""Decide about an order through the public API, with the token of the person who may."""

from typing import Any

from takeaway.run.client.people import CUSTOMERS
from takeaway.run.client.system import System

OPEN = ("PLACED", "ACCEPTED")


def decided(system: System, call: str, order_id: str, *, reason: str | None = None) -> dict[str, Any]:
    """Accept, reject, complete or cancel an order, and return it. Raises Refused, or TakeawayError if none is found."""
    placed, tokens = system.placed(order_id), system.tokens
    by_customer = call in CUSTOMERS
    token = tokens.customer(placed.customer_id) if by_customer else tokens.restaurant(placed.restaurant_id)
    return system.api.act(call, order_id, token=token, reason=reason)


def stands_instead(order: dict[str, Any], wanted: str) -> str:
    """Return the decision that stands, if it is not the wanted one; else empty.

    The API accepts a repeated decision, because its first answer may have been lost. A person who repeats it after the
    order has gone on has changed nothing, and must be told so.
    """
    stands = order.get("completion") or order["decision"]
    if stands == wanted and order["status"] in (*OPEN, wanted.upper()):
        return ""
    return str(stands if stands != wanted else order["status"])
