"""The commands accept, reject and complete, which act as the restaurant, and cancel, which acts as the customer."""

from typing import Annotated, Any

import typer

from takeaway.errors import TakeawayError
from takeaway.run.cli import options
from takeaway.run.cli.order_show_token import OrderId
from takeaway.run.cli.output import AsJson, plain, print_json, results
from takeaway.run.client.deciding import decided, stands_instead

REASON = "We can't take your order right now."


def accept(context: typer.Context, order_id: OrderId, *, as_json: AsJson = False) -> None:
    """Accept an order, as its restaurant. The customer gets a confirmation.

    Example: takeaway accept 0f83cea8-28b4-5f09-84ec-f665f91ce662
    """
    _tell(_decided(context, "accept", order_id), "accepted", as_json=as_json)


def reject(
    context: typer.Context,
    order_id: OrderId,
    *,
    reason: Annotated[
        str | None, typer.Option(help="The reason that the customer is told.", show_default=REASON, metavar="TEXT")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Reject an order, as its restaurant.

    Example: takeaway reject 0f83cea8-28b4-5f09-84ec-f665f91ce662 --reason "We are out of fish."
    """
    order = _decided(context, "reject", order_id, reason=reason or REASON)
    _tell(order, "rejected", as_json=as_json, reason=reason)


def cancel(context: typer.Context, order_id: OrderId, *, as_json: AsJson = False) -> None:
    """Cancel an order, as its customer. Possible until the restaurant has accepted it.

    Example: takeaway cancel 0f83cea8-28b4-5f09-84ec-f665f91ce662
    """
    _tell(_decided(context, "cancel", order_id), "cancelled", as_json=as_json)


def complete(context: typer.Context, order_id: OrderId, *, as_json: AsJson = False) -> None:
    """Complete an order, as its restaurant, when it is delivered. Promotions may then issue a voucher.

    Example: takeaway complete 0f83cea8-28b4-5f09-84ec-f665f91ce662
    """
    _tell(_decided(context, "complete", order_id), "completed", as_json=as_json)


def _decided(context: typer.Context, call: str, order_id: str, reason: str | None = None) -> dict[str, Any]:
    """Make the call with the token of the customer or the restaurant, and return the order."""
    return decided(options.of(context).system(), call, order_id, reason=reason)


def _tell(order: dict[str, Any], wanted: str, *, as_json: bool, reason: str | None = None) -> None:
    """Print the decision, or raise TakeawayError if an earlier one stands.

    The decision counts at once; the order's status follows a moment later, when the workflow goes on.
    """
    if stands := stands_instead(order, wanted):
        raise TakeawayError(f"The order can't be {wanted} any more: it is {stands}. Nothing has changed.")
    if reason is not None and order.get("reason") != reason.strip():
        raise TakeawayError(f"The order was {wanted} before, for another reason, which stands: {order.get('reason')}")
    if as_json:
        print_json(order)
    else:
        results.print(f"{plain(order['order_id'])}  {plain(order.get('completion') or order['decision'])}")
