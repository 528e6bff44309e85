"""Find orders as an operator does: the newest, or one by the beginning of its id."""

import re

from takeaway.errors import TakeawayError, UsageError
from takeaway.run.client.readers import Listed
from takeaway.run.client.system import System

LAST = "last"
WHOLE = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
FEW = 5  # how many matches an error message lists


def newest(
    system: System,
    *,
    limit: int,
    status: str | None = None,
    restaurant_id: str | None = None,
    customer_id: str | None = None,
) -> Listed:
    """Return up to `limit` orders, newest first. Raises UsageError for a status that does not exist.

    Source: the orders table, by the context's reader.
    """
    possible = system.orders.statuses
    if status is not None and status.upper() not in possible:
        raise UsageError(f"--status: expected one of {', '.join(possible)}, got {status!r}.")
    wanted = {"restaurant_id": restaurant_id, "customer_id": customer_id}
    return system.orders.newest(limit=limit, status=status and status.upper(), **wanted)


def place(system: System, order: object, *, token: str, idempotency_key: str) -> str:
    """Place an order, remember it as `last`, and return its id. Raises Refused."""
    order_id = system.api.place(order, token=token, idempotency_key=idempotency_key)
    system.target.remember_placed(order_id)
    return order_id


def meant(system: System, text: str) -> str:
    """Return the id of the order that a person means by `last`, by an id, or by a beginning that only one id has.

    `last` is the order that was placed last from this state folder, if it still exists; else the newest order.
    Raises UsageError when several orders begin so, or too many would have to be searched, and TakeawayError for none.
    """
    if text == LAST:
        return _last(system)
    if WHOLE.fullmatch(text) or system.orders.order(text):
        return text
    found = system.orders.newest(limit=FEW, order_id=text)
    if len(found.orders) == 1 and not found.unseen:
        return found.orders[0].order_id
    lists = f"`{system.target.command('orders')}` lists them"
    if found.unseen:
        raise UsageError(f"ORDER_ID: there are too many orders to search all of them for {text!r}: give the whole id.")
    if not found.orders:
        raise TakeawayError(f"There is no order {text}, nor one whose id begins so: {lists}.")
    listed = "".join(f"\n  {each.order_id}  {each.status}  {each.restaurant_id}" for each in found.orders)
    more = f"\n  and others: {lists}" if found.left_off else ""
    raise UsageError(f"ORDER_ID: several orders begin with {text}, so give more of one of these:{listed}{more}")


def _last(system: System) -> str:
    placed = system.target.placed_last()
    if placed and system.orders.order(placed):
        return placed
    found = system.orders.newest(limit=1)
    if found.unseen:
        raise UsageError(
            f"ORDER_ID: none was placed from here, and there are too many to find the {LAST} one: give its id."
        )
    if not found.orders:
        raise TakeawayError(
            f"There is no {LAST} order, because there is none yet: `{system.target.command('order FILE')}` places one."
        )
    return found.orders[0].order_id
