"""The command cost: estimates what a month of orders costs on AWS."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from takeaway.check.templates.resolved import Deployed
from takeaway.errors import UsageError
from takeaway.run.cli import options
from takeaway.run.cli.output import AsJson, print_json, print_table, results, steps, table
from takeaway.study.costs.assumptions import Assumptions, assumptions
from takeaway.study.costs.bill import LUNCH, VOLUMES, Bill, bill, counted, in_production
from takeaway.study.costs.counting.tally import Counted
from takeaway.study.costs.prices import Prices, prices
from takeaway.text import document
from takeaway.unseen import visible
from takeaway.wiring import Wiring

WiringOption = Annotated[Wiring, typer.Option("--system", help="The wiring of orders.")]
OrderOption = Annotated[
    Path, typer.Option(help="The order that each customer places: its size affects the cost of storing it.")
]
MixOption = Annotated[
    list[str] | None, typer.Option(metavar="WAY=SHARE", help="The share of orders that goes a way; repeatable.")
]
AssumeOption = Annotated[list[str] | None, typer.Option(metavar="NAME=VALUE", help="Change an assumption; repeatable.")]


def cost(
    *,
    orders: Annotated[list[int] | None, typer.Option(min=0, max=10**12, help="Orders a month; repeatable.")] = None,
    wiring: WiringOption = Wiring.HYBRID,
    order: OrderOption = LUNCH,
    mix: MixOption = None,
    assume: AssumeOption = None,
    as_json: AsJson = False,
) -> None:
    """Estimate what a month of orders costs on AWS.

    Units are counted by walking orders through the templates in memory, and priced with dated list prices. What can't
    be counted is assumed: takeaway/study/costs/assumptions.toml has each assumption with its reason.

    Example: takeaway cost --orders 50000 --mix completed=0.9 --mix rejected=0.1 --assume function_milliseconds=60
    """
    assumed = assumptions().but(options.named(assume), options.named(mix))
    found, deployed = count(wiring, order, assumed)
    at = prices()
    bills = [bill(found, deployed, each, assumed, at) for each in orders or VOLUMES]
    if as_json:
        print_json([_plain(each) for each in bills])
    else:
        _print(bills, at, assumed)


def count(wiring: Wiring, order: Path, assumed: Assumptions) -> tuple[Counted, Deployed]:
    """Count the units of such an order in a production stage, and return them with its resources. Raises UsageError."""
    ordered = _read(order)
    with steps("synthesizing the templates of production") as progress:
        deployed = in_production(wiring)
        progress.step("counting an order each way")
        return counted(deployed, ordered, assumed), deployed


def _print(bills: Sequence[Bill], at: Prices, assumed: Assumptions) -> None:
    amounts = [f"{each.orders:,} orders" for each in bills]
    listed = table(f"{at.currency} a month", *amounts, right=amounts)
    for service in bills[-1].services:
        listed.add_row(service, *(f"{each.services.get(service, 0):,.2f}" for each in bills))
    listed.add_section()
    listed.add_row("all", *(f"{each.total:,.2f}" for each in bills), style="bold")
    listed.add_row("an order", *(f"{each.total / each.orders:.6f}" if each.orders else "" for each in bills))
    listed.add_row("of it the workflow", *(f"{each.workflow / each.total:.0%}" for each in bills))
    listed.add_section()
    for context in bills[-1].contexts:
        listed.add_row(f"paid by {context}", *(f"{each.contexts.get(context, 0):,.2f}" for each in bills))
    print_table(listed)
    results.print(f"[dim]prices of {at.region}, {at.date}, without free tiers, taxes and data transfer[/]")
    told = ", ".join(f"{name} {each.value}" for name, each in assumed.values.items())
    results.print(f"[dim]assumed: {told}[/]")


def _plain(each: Bill) -> dict[str, object]:
    return {
        "orders": each.orders,
        "total": float(each.total),
        "items": [item.model_dump(mode="json") for item in each.items],
        "contexts": {context: float(amount) for context, amount in each.contexts.items()},
    }


def _read(file: Path) -> dict[str, object]:
    read = document(file)
    if not isinstance(read, dict) or not isinstance(order := read.get("order", read), dict):
        raise UsageError(f"{visible(str(file))}: expected an order, as a JSON object.")
    return order
