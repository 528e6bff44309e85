"""accept, reject, complete: what a restaurant does; cancel: what a customer may still do."""

from typing import Annotated, Any

import typer

from takeaway.cli import options
from takeaway.cli.ordering import OrderId
from takeaway.cli.output import AsJson, plain, print_json, results
from takeaway.client.system import System
from takeaway.errors import TakeawayError

REASON = "We can't take your order right now."
OPEN = ("PLACED", "ACCEPTED")


def accept(context: typer.Context, order_id: OrderId, *, as_json: AsJson = False) -> None:
    """Accept an order, as its restaurant. The customer gets a confirmation.

    Example: takeaway accept 0f83cea8-28b4-5f09-84ec-f665f91ce662
    """
    system = options.of(context).system()
    _tell(system.api.accept(order_id, token=_restaurant(system, order_id)), "accepted", as_json=as_json)


def reject(
    context: typer.Context,
    order_id: OrderId,
    *,
    reason: Annotated[
        str | None, typer.Option(help="What the customer is told.", show_default=REASON, metavar="TEXT")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Reject an order, as its restaurant.

    Example: takeaway reject 0f83cea8-28b4-5f09-84ec-f665f91ce662 --reason "We are out of fish."
    """
    system = options.of(context).system()
    order = system.api.reject(order_id, reason or REASON, token=_restaurant(system, order_id))
    _tell(order, "rejected", as_json=as_json, reason=reason)


def cancel(context: typer.Context, order_id: OrderId, *, as_json: AsJson = False) -> None:
    """Cancel an order, as its customer. Possible until the restaurant has accepted it.

    Example: takeaway cancel 0f83cea8-28b4-5f09-84ec-f665f91ce662
    """
    system = options.of(context).system()
    token = system.tokens.customer(system.placed(order_id).customer_id)
    _tell(system.api.cancel(order_id, token=token), "cancelled", as_json=as_json)


def complete(context: typer.Context, order_id: OrderId, *, as_json: AsJson = False) -> None:
    """Say that an order was delivered, as its restaurant. Promotions may then have a voucher for the customer.

    Example: takeaway complete 0f83cea8-28b4-5f09-84ec-f665f91ce662
    """
    system = options.of(context).system()
    _tell(system.api.complete(order_id, token=_restaurant(system, order_id)), "completed", as_json=as_json)


def _restaurant(system: System, order_id: str) -> str:
    return system.tokens.restaurant(system.placed(order_id).restaurant_id)


def _tell(order: dict[str, Any], wanted: str, *, as_json: bool, reason: str | None = None) -> None:
    """The decision counts from now on; the workflow goes on with it a moment later.

    The API takes the same decision twice, since its first answer may have been lost. A person who comes when the order
    has gone on, or ended, is told so: nothing has changed.
    """
    stands = order.get("completion") or order["decision"]
    if stands != wanted or order["status"] not in (*OPEN, wanted.upper()):
        stands = stands if stands != wanted else order["status"]
        raise TakeawayError(f"The order can't be {wanted} any more: it is {stands}. Nothing has changed.")
    if reason is not None and order.get("reason") != reason.strip():
        raise TakeawayError(f"The order was {wanted} before, for another reason, which stands: {order.get('reason')}")
    if as_json:
        print_json(order)
    else:
        results.print(f"{plain(order['order_id'])}  {plain(stands)}")
