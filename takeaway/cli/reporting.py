"""report, generate, compact: the analytics lake, that of the system that runs or one in a folder."""

import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from takeaway.cli import options
from takeaway.cli.output import AsJson, messages, plain, print_json, print_table, results, steps
from takeaway.client.system import System
from takeaway.errors import TakeawayError, UsageError
from takeaway.money import shown
from takeaway.unseen import visible

if TYPE_CHECKING:
    from contexts.analytics.report import Figures, Report

LakeOption = Annotated[
    Path | None, typer.Option("--lake", metavar="FOLDER", help="A lake in a folder, not that of the running system.")
]


def report(
    context: typer.Context,
    *,
    html: Annotated[Path | None, typer.Option(metavar="FILE", help="Write it as a page with charts.")] = None,
    show: Annotated[bool, typer.Option("--open", help="Open the page in the browser.")] = False,
    lake: LakeOption = None,
    timezone: Annotated[str, typer.Option(help="Whose days and hours: Europe/Rome, for example.")] = "UTC",
    as_json: AsJson = False,
) -> None:
    """Report on all orders, from the lake: how they ended, how fast they were accepted, what they brought.

    Example: takeaway report --html report.html --open
    """
    _there(lake)
    made = report_on(lake, timezone) if lake else make_report(options.of(context).system(), timezone)
    if html or show:
        file = html or Path(tempfile.mkdtemp(prefix="takeaway-report-")) / "report.html"
        write_page(made, file)
        if show:
            typer.launch(file.resolve().as_uri())
    if as_json:
        print_json(json.loads(made.model_dump_json()))
    elif not html and not show:
        print_report(made)


def generate(
    context: typer.Context,
    *,
    orders: Annotated[
        int, typer.Option(min=1, max=10**7, help="How many orders; each has about five events.")
    ] = 10_000,
    days: Annotated[int, typer.Option(min=1, max=3650, help="Over how many days, from 5 January 2026 on.")] = 28,
    seed: Annotated[int, typer.Option(min=0, max=2**63 - 1, help="The same seed writes the same histories.")] = 1,
    lake: LakeOption = None,
) -> None:
    """Write realistic histories of orders into a lake, to see reports with life in them.

    They go into the lake alone: no order, no voucher and no e-mail comes of them.

    Example: takeaway generate --orders 100000 --days 90 --lake /tmp/lake && takeaway report --lake /tmp/lake --open
    """
    from contexts.analytics.generator import generate as generate_into  # noqa: PLC0415 - NumPy and DuckDB are big

    system = None if lake else options.of(context).system()
    with tempfile.TemporaryDirectory(prefix="takeaway-lake-") as temporary, steps("generating") as progress:
        folder = lake or Path(temporary)
        made = generate_into(folder, orders=orders, days=days, seed=seed)
        if system:
            progress.step("putting it into the lake of the system")
            system.lake.add(folder)
        progress.done(f"{orders:,} orders with {made.events:,} events on {days} days")
    if lake:
        messages.print(f"What a report has to find is in {plain(made.truth)}")


def compact(context: typer.Context, *, lake: LakeOption = None) -> None:
    """Bring what is new in a lake into its curated zone now; on its own it happens every hour.

    Example: takeaway compact
    """
    _there(lake)
    if lake:
        from contexts.analytics.compaction import compact as compact_here  # noqa: PLC0415 - DuckDB is big
        from contexts.analytics.folder_lake import FolderLake  # noqa: PLC0415

        with messages.status("compacting …"):
            print_json(compact_here(FolderLake(lake)))
    else:
        system = options.of(context).system()
        print_json(system.lake.compact(system.stacks.output("analytics", "CompactFunctionName")))


def _there(lake: Path | None) -> None:
    if lake is not None and not lake.is_dir():
        raise UsageError(f"There is no folder {visible(str(lake))}.")


def make_report(system: System, timezone: str = "UTC") -> "Report":
    with tempfile.TemporaryDirectory(prefix="takeaway-lake-") as folder:
        system.lake.copy_to(Path(folder))
        return report_on(Path(folder), timezone)


def report_on(folder: Path, timezone: str = "UTC") -> "Report":
    from contexts.analytics.folder_lake import FolderLake  # noqa: PLC0415
    from contexts.analytics.report import UnknownTimezone, build_report  # noqa: PLC0415 - DuckDB is big

    try:
        return build_report(FolderLake(folder), timezone=timezone)
    except UnknownTimezone as error:
        raise UsageError(str(error)) from None


def write_page(made: "Report", file: Path) -> None:
    from contexts.analytics.report import ChartsMissing, render_page  # noqa: PLC0415 - as above

    try:
        file.write_text(render_page(made), encoding="utf-8")
    except (ChartsMissing, OSError) as error:
        raise TakeawayError(f"The page was not written: {error}") from None
    messages.print(f"[green]✓[/] {plain(file)}")


def print_report(made: "Report", console: Console = results) -> None:
    if not made.events:
        messages.print("The lake is empty: place an order first.")
        return
    table = Table(box=None, pad_edge=False)
    for heading in ("restaurant", "orders", "accepted", "p50", "p95", "revenue", "how they ended"):
        table.add_column(heading, justify="left" if heading in ("restaurant", "how they ended") else "right")
    for restaurant in made.restaurants:
        table.add_row(plain(restaurant.restaurant_id), *_cells(restaurant))
    table.add_section()
    table.add_row("all", *_cells(made), style="bold")
    print_table(table, console)
    console.print(f"[dim]{made.events} events; p50 and p95 are seconds from placed to accepted[/]")


def _cells(figures: "Figures") -> list[str]:
    speed = figures.time_to_accept_seconds
    return [
        str(figures.orders),
        "" if figures.acceptance_rate is None else f"{figures.acceptance_rate:.0%}",
        f"{speed.p50:.1f}" if speed else "",
        f"{speed.p95:.1f}" if speed else "",
        "\n".join(plain(shown(each.amount, each.currency)) for each in figures.revenue),
        ", ".join(f"{count} {status.lower()}" for status, count in figures.orders_by_status.items()),
    ]
