"""accept, reject, complete: what a restaurant does; cancel: what a customer may still do."""

from typing import Annotated, Any

import typer

from takeaway.cli import options
from takeaway.cli.ordering import OrderId
from takeaway.cli.output import AsJson, print_json, results
from takeaway.client.system import System


def accept(context: typer.Context, order_id: OrderId, *, as_json: AsJson = False) -> None:
    """Accept an order, as its restaurant. The customer gets a confirmation.

    Example: takeaway accept 0f83cea8-28b4-5f09-84ec-f665f91ce662
    """
    system = options.of(context).system()
    _tell(system.api.accept(order_id, token=_restaurant(system, order_id)), as_json=as_json)


def reject(
    context: typer.Context,
    order_id: OrderId,
    *,
    reason: Annotated[str, typer.Option(help="What the customer is told.")] = "We can't take your order right now.",
    as_json: AsJson = False,
) -> None:
    """Reject an order, as its restaurant.

    Example: takeaway reject 0f83cea8-28b4-5f09-84ec-f665f91ce662 --reason "We are out of fish."
    """
    system = options.of(context).system()
    _tell(system.api.reject(order_id, reason, token=_restaurant(system, order_id)), as_json=as_json)


def cancel(context: typer.Context, order_id: OrderId, *, as_json: AsJson = False) -> None:
    """Cancel an order, as its customer. Possible until the restaurant has accepted it.

    Example: takeaway cancel 0f83cea8-28b4-5f09-84ec-f665f91ce662
    """
    system = options.of(context).system()
    token = system.tokens.customer(system.placed(order_id).customer_id)
    _tell(system.api.cancel(order_id, token=token), as_json=as_json)


def complete(context: typer.Context, order_id: OrderId, *, as_json: AsJson = False) -> None:
    """Say that an order was delivered, as its restaurant. Promotions may then have a voucher for the customer.

    Example: takeaway complete 0f83cea8-28b4-5f09-84ec-f665f91ce662
    """
    system = options.of(context).system()
    _tell(system.api.complete(order_id, token=_restaurant(system, order_id)), as_json=as_json)


def _restaurant(system: System, order_id: str) -> str:
    return system.tokens.restaurant(system.placed(order_id).restaurant_id)


def _tell(order: dict[str, Any], *, as_json: bool) -> None:
    """The decision counts from now on; the workflow goes on with it a moment later."""
    if as_json:
        print_json(order)
    else:
        results.print(f"{order['order_id']}  {order.get('completion') or order['decision']}")
