"""capacity: which quotas of AWS break first as orders get more, and what to do about each."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Annotated

import typer
from rich.padding import Padding

from takeaway.run.cli import options
from takeaway.run.cli.output import AsJson, print_json, print_table, results, table
from takeaway.study.commands import cost
from takeaway.study.costs.assumptions import Assumptions, assumptions
from takeaway.study.costs.bill import LUNCH
from takeaway.study.costs.capacity import RATES, Load, Quotas, breaking, loads, quotas
from takeaway.wiring import Wiring

BREAKS_AT = "breaks at\norders/s"


def capacity(
    *,
    orders_per_second: Annotated[
        list[int] | None,
        typer.Option(min=1, max=10**9, help="At the peak, for as long as it lasts; several times for several."),
    ] = None,
    wiring: cost.WiringOption = Wiring.HYBRID,
    order: cost.OrderOption = LUNCH,
    mix: cost.MixOption = None,
    assume: cost.AssumeOption = None,
    as_json: AsJson = False,
) -> None:
    """Which quotas of AWS break first, what happens then and what to do: counted on orders that walk the templates.

    Quotas are those of a fresh account (takeaway/study/costs/quotas.toml); yours may be larger. What can't be counted
    is assumed: assumptions.toml has each assumption with its reason.

    Example: takeaway capacity --orders-per-second 50 --assume function_milliseconds=60
    """
    assumed = assumptions().but(options.named(assume), options.named(mix))
    found, deployed = cost.count(wiring, order, assumed)
    allowed, rates = quotas(), sorted(set(orders_per_second or RATES))
    read = loads(found, deployed, assumed, allowed)
    if as_json:
        print_json([_plain(load, rates) for load in read])
    else:
        _print(read, rates, allowed, assumed)


def _print(read: Sequence[Load], rates: Sequence[int], allowed: Quotas, assumed: Assumptions) -> None:
    asked_for = [f"asked for at\n{rate:,} orders/s" for rate in rates]
    numbers = (BREAKS_AT, "allowed", *asked_for)
    listed = table(BREAKS_AT, "quota", "allowed", *asked_for, right=numbers)
    for load in read:
        asked = (_marked(load, rate) for rate in rates)
        listed.add_row(_figure(load.breaks_at), load.quota.name, f"{load.limit:,}", *asked)
    print_table(listed)
    for before, rate, broken in breaking(read, rates):
        results.print(f"\n[bold]{'Before' if not before else f'From {before:,} to'} {rate:,} orders a second[/]")
        for load in broken:
            quota = load.quota
            results.print(f"{_figure(load.breaks_at):>7}  {quota.name}")
            for line in (f"then: {quota.then}", f"do: {quota.do}", f"raised by {quota.raised}"):
                results.print(Padding(line, (0, 0, 0, 11)))
        if not broken:
            results.print("         no quota breaks")
    results.print(f"\n[dim]quotas of a fresh account in {allowed.region}, {allowed.date}[/]")
    told = ("function_milliseconds", "minutes_per_order", "busiest_restaurant", "views_per_order", "lists_per_order")
    results.print(f"[dim]assumed: {', '.join(f'{name} {assumed[name]}' for name in told)}[/]")


def _marked(load: Load, rate: int) -> str:
    asked = _figure(load.demand * rate)
    return f"[red]{asked}[/]" if load.used(rate) > 1 else asked


def _figure(number: Decimal) -> str:
    """Small ones with a digit behind the point: 0.3 orders a second are not none."""
    return f"{number:,.1f}" if number < 10 else f"{number:,.0f}"  # noqa: PLR2004


def _plain(load: Load, rates: Sequence[int]) -> dict[str, object]:
    return {
        **load.quota.model_dump(mode="json", include={"service", "says", "raised", "then", "do", "source"}),
        "allowed": float(load.limit),
        "breaks_at": float(load.breaks_at),
        "asked_for": {str(rate): float(load.demand * rate) for rate in rates},
    }
