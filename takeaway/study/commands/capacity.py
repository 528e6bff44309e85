"""The command capacity: finds the AWS quotas that break first as orders increase, and what to do about each."""

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
from takeaway.study.costs.capacity import RATES, Load, breaking, loads, reduced, told_of
from takeaway.study.costs.quotas import Quotas, quotas
from takeaway.wiring import Wiring

BREAKS_AT, NEW = "breaks at\norders/s", "in a new\naccount"
TENTH = Decimal("0.1")
INDENT = 11


def capacity(
    *,
    orders_per_second: Annotated[
        list[int] | None,
        typer.Option(min=1, max=10**9, help="The rate at the peak; repeatable."),
    ] = None,
    wiring: cost.WiringOption = Wiring.HYBRID,
    order: cost.OrderOption = LUNCH,
    mix: cost.MixOption = None,
    assume: cost.AssumeOption = None,
    as_json: AsJson = False,
) -> None:
    """List the AWS quotas that break first, with what happens then and what to do.

    The demand of an order is counted by walking orders through the templates in memory. Two accounts are compared: a
    new one, which has less of some quotas, and one with AWS's documented defaults. quotas.toml has each quota with its
    source; your account may have others. assumptions.toml has what can't be counted, with reasons.

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
    numbers = (BREAKS_AT, "allowed", NEW, *asked_for)
    listed = table(BREAKS_AT, "quota", "allowed", NEW, *asked_for, right=numbers)
    for load in read:
        asked = (_marked(load, rate) for rate in rates)
        listed.add_row(_figure(load.breaks_at), load.quota.name, f"{load.limit:,}", _in_a_new_account(load), *asked)
    print_table(listed)
    results.print("\n[bold]In a new account[/], which has less of these")
    for load in reduced(read):
        _print_reduced(load)
    results.print("\n[bold]With the quotas that AWS documents[/], which an account has by use or on request")
    for before, rate, broken in breaking(read, rates):
        results.print(f"\n[bold]{'Before' if not before else f'From {before:,} to'} {rate:,} orders a second[/]")
        for load in broken:
            quota = load.quota
            lines = f"then: {quota.then}", f"do: {quota.do}", f"raised by {quota.raised}", f"source: {quota.source}"
            _print_load(_figure(load.breaks_at), load, lines)
        if not broken:
            results.print("         no quota breaks")
    results.print(f"\n[dim]quotas of {allowed.region}, {allowed.date}[/]")
    told = ("function_milliseconds", "minutes_per_order", "busiest_restaurant", "views_per_order", "lists_per_order")
    results.print(f"[dim]assumed: {', '.join(f'{name} {assumed[name]}' for name in told)}[/]")


def _print_reduced(load: Load) -> None:
    new = load.quota.new_account
    if not new:
        return
    breaks_at = "?" if load.new_breaks_at is None else _figure(load.new_breaks_at)
    told = [f"{told_of(load.new_limit)}, later {load.limit:,}: {new.says}", f"source: {new.source} ({new.date})"]
    _print_load(breaks_at, load, [*told, *([f"the number: {new.number_from}"] if new.number_from else [])])


def _print_load(breaks_at: str, load: Load, told: Sequence[str]) -> None:
    results.print(f"{breaks_at:>7}  {load.quota.name}")
    for line in told:
        # Prose is folded below itself; an address stays whole, so that it can be followed and copied.
        results.print(f"{'':{INDENT}}{line}" if "://" in line else Padding(line, (0, 0, 0, INDENT)))


def _in_a_new_account(load: Load) -> str:
    return told_of(load.new_limit) if load.quota.new_account else "the same"


def _marked(load: Load, rate: int) -> str:
    asked = _figure(load.demand * rate)
    return f"[red]{asked}[/]" if load.used(rate) > 1 else asked


def _figure(number: Decimal) -> str:
    """Format a number, small ones with decimals, because 0.001 orders a second are 86 a day."""
    if number < TENTH:
        return f"{number:.1g}"
    return f"{number:,.1f}" if number < 10 else f"{number:,.0f}"  # noqa: PLR2004


def _plain(load: Load, rates: Sequence[int]) -> dict[str, object]:
    return {
        **load.quota.model_dump(mode="json", include={"service", "says", "raised", "then", "do", "source"}),
        "allowed": float(load.limit),
        "breaks_at": float(load.breaks_at),
        "new_account": {"allowed": _number(load.new_limit), "breaks_at": _number(load.new_breaks_at), **_less(load)},
        "asked_for": {str(rate): float(load.demand * rate) for rate in rates},
    }


def _less(load: Load) -> dict[str, object]:
    """Return the source of a new account's smaller quota; empty if it is not smaller."""
    new = load.quota.new_account
    return new.model_dump(mode="json", exclude={"value"}) if new else {}


def _number(amount: Decimal | None) -> float | None:
    return None if amount is None else float(amount)
