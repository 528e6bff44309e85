"""vouchers, report: what the neighbours made of it."""

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import typer
from rich.console import Console
from rich.table import Table

from takeaway.cli import options
from takeaway.cli.output import AsJson, messages, print_json, results
from takeaway.client.system import System
from takeaway.client.vouchers import Voucher
from takeaway.money import shown

if TYPE_CHECKING:
    from contexts.analytics.report import Figures, Report


def vouchers(context: typer.Context, *, as_json: AsJson = False) -> None:
    """List the vouchers that promotions has issued, newest last.

    Example: takeaway vouchers --json | jq -r '.[].code'
    """
    found = options.of(context).system().vouchers.all()
    if as_json:
        print_json(found)
    else:
        print_vouchers(found)


def report(context: typer.Context, *, as_json: AsJson = False) -> None:
    """Report on all orders, from the lake: how they ended, how fast they were accepted, what they brought.

    Example: takeaway report --json | jq .acceptance_rate
    """
    made = make_report(options.of(context).system())
    if as_json:
        print(made.model_dump_json(indent=2))
    else:
        print_report(made)


def make_report(system: System) -> "Report":
    from contexts.analytics.report import build_report  # noqa: PLC0415 - DuckDB is big

    with tempfile.TemporaryDirectory(prefix="takeaway-lake-") as folder:
        system.lake.copy_to(Path(folder))
        return build_report(Path(folder))


def print_vouchers(found: list[Voucher], console: Console = results) -> None:
    if not found:
        messages.print("No voucher yet: promotions issues them for completed orders.")
        return
    table = Table(box=None, pad_edge=False)
    for heading in ("code", "off", "customer", "order", "until"):
        table.add_column(heading, justify="right" if heading == "off" else "left")
    for voucher in found:
        table.add_row(
            voucher.code,
            shown(voucher.amount, voucher.currency),
            voucher.customer_id,
            voucher.order_id,
            f"{voucher.expires_at:%Y-%m-%d}",
        )
    console.print(table)


def print_report(made: "Report", console: Console = results) -> None:
    if not made.events:
        messages.print("The lake is empty: place an order first.")
        return
    table = Table(box=None, pad_edge=False)
    for heading in ("restaurant", "orders", "accepted", "p50", "p95", "revenue", "how they ended"):
        table.add_column(heading, justify="left" if heading in ("restaurant", "how they ended") else "right")
    for restaurant in made.restaurants:
        table.add_row(restaurant.restaurant_id, *_cells(restaurant))
    table.add_section()
    table.add_row("all", *_cells(made), style="bold")
    console.print(table)
    console.print(f"[dim]{made.events} events; p50 and p95 are seconds from placed to accepted[/]")


def _cells(figures: "Figures") -> list[str]:
    speed = figures.time_to_accept_seconds
    return [
        str(figures.orders),
        "" if figures.acceptance_rate is None else f"{figures.acceptance_rate:.0%}",
        f"{speed.p50:.1f}" if speed else "",
        f"{speed.p95:.1f}" if speed else "",
        "\n".join(shown(each.amount, each.currency) for each in figures.revenue),
        ", ".join(f"{count} {status.lower()}" for status, count in figures.orders_by_status.items()),
    ]
