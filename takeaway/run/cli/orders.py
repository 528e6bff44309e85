"""orders: the list, newest first."""

from collections.abc import Iterable
from typing import Annotated

import typer
from rich.text import Text

from takeaway.money import shown
from takeaway.run.cli import options
from takeaway.run.cli.output import AsJson, messages, plain, print_json, print_table, results, table
from takeaway.run.client import told
from takeaway.run.client.orders import newest
from takeaway.run.client.readers import Listed

SHORT = 8  # of an id: as much as tells a few orders apart


def orders(
    context: typer.Context,
    *,
    status: Annotated[str | None, typer.Option(help="Only those with this status: PLACED, COMPLETED …")] = None,
    restaurant: Annotated[str | None, typer.Option(metavar="ID", help="Only those of this restaurant.")] = None,
    customer: Annotated[str | None, typer.Option(metavar="ID", help="Only those of this customer.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="No more than so many.")] = 20,
    as_json: AsJson = False,
) -> None:
    """List orders, newest first. As much of an id as is shown is enough for any command; --json has them whole.

    Those of a restaurant or a customer are read from an index; of all orders, ten thousand are looked at.

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
            "[yellow]There are more orders than one look reads: others may be newer (--restaurant, --customer).[/]"
        )


def _print(found: Listed) -> None:
    listed = table("order", "placed", "status", "restaurant", "customer", "total", right=("total",))
    ids = [each.order_id for each in found.orders]
    for each in found.orders:
        total = shown(each.total.amount, each.total.currency) if each.total else ""
        listed.add_row(
            Text(_short(each.order_id, ids)),
            told.clock(each.received_at),
            plain(each.status),
            plain(each.restaurant_id),
            plain(each.customer_id),
            plain(total),
        )
    print_table(listed, results)


def _short(order_id: str, ids: Iterable[str]) -> str:
    """As much of it as no other in the list begins with."""
    others = [each for each in ids if each != order_id]
    lengths = range(SHORT, len(order_id))
    return next((order_id[:n] for n in lengths if not any(each.startswith(order_id[:n]) for each in others)), order_id)
