"""The command orders: lists orders, newest first."""

from collections.abc import Iterable
from typing import Annotated

import typer
from rich.text import Text

from takeaway.money import shown
from takeaway.run.cli import options
from takeaway.run.cli.output import AsJson, messages, plain, print_json, print_table, results, table
from takeaway.run.client import health_text
from takeaway.run.client.orders import newest
from takeaway.run.client.readers import Listed

SHORT = 8  # characters of an id that are shown; more if two orders begin alike


def orders(
    context: typer.Context,
    *,
    status: Annotated[str | None, typer.Option(help="Only orders in this status: PLACED, COMPLETED …")] = None,
    restaurant: Annotated[str | None, typer.Option(metavar="ID", help="Only this restaurant's orders.")] = None,
    customer: Annotated[str | None, typer.Option(metavar="ID", help="Only this customer's orders.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="The most orders to list.")] = 20,
    as_json: AsJson = False,
) -> None:
    """List orders, newest first. Other commands take the shortened ids as they are shown; --json has whole ones.

    With --restaurant or --customer an index is read. Otherwise at most ten thousand orders are looked at.

    Example: takeaway orders --status PLACED
    """
    system = options.of(context).system()
    found = newest(system, limit=limit, status=status, restaurant_id=restaurant, customer_id=customer)
    if as_json:
        print_json(found.orders)
    elif found.orders:
        _print(found)
    else:
        messages.print(f"No such order: {plain(system.target.command('order FILE'))} places one.")
    if found.left_off:
        messages.print(f"[dim]These are the newest {limit:,}: --limit shows more.[/]")
    if found.unseen:
        messages.print(
            "[yellow]There are more orders than are read at once, so others may be newer (--restaurant, --customer).[/]"
        )


def _print(found: Listed) -> None:
    listed = table("order", "placed", "status", "restaurant", "customer", "total", right=("total",))
    ids = [each.order_id for each in found.orders]
    for each in found.orders:
        total = shown(each.total.amount, each.total.currency) if each.total else ""
        listed.add_row(
            Text(_short(each.order_id, ids)),
            health_text.clock(each.received_at),
            plain(each.status),
            plain(each.restaurant_id),
            plain(each.customer_id),
            plain(total),
        )
    print_table(listed, results)


def _short(order_id: str, ids: Iterable[str]) -> str:
    """Shorten an id to a beginning that no other id in the list has."""
    others = [each for each in ids if each != order_id]
    lengths = range(SHORT, len(order_id))
    return next((order_id[:n] for n in lengths if not any(each.startswith(order_id[:n]) for each in others)), order_id)
