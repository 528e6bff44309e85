"""The command report: reports on all orders in a lake, deployed or in a folder."""

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.markup import escape

from contexts.analytics.folder_lake import FolderLake, NotPossible
from takeaway.errors import TakeawayError, UsageError
from takeaway.money import shown
from takeaway.run.cli import options
from takeaway.run.cli.output import AsJson, messages, plain, print_json, print_table, results, steps, table
from takeaway.run.cli.pages import writable
from takeaway.run.client.system import System
from takeaway.unseen import visible

if TYPE_CHECKING:
    from contexts.analytics.ports import Lake
    from contexts.analytics.report import Figures, Report

MOST_NEW = 500  # objects not compacted yet; each is downloaded while somebody waits
NUMBERS = ("orders", "accepted", "p50", "p95", "revenue")
LakeOption = Annotated[
    Path | None, typer.Option("--lake", metavar="FOLDER", help="A lake in this folder instead of the running system's.")
]


def report(
    context: typer.Context,
    *,
    html: Annotated[Path | None, typer.Option(metavar="FILE", help="Write an HTML page with charts.")] = None,
    show: Annotated[bool, typer.Option("--open", help="Open the page in the browser.")] = False,
    lake: LakeOption = None,
    timezone: Annotated[str, typer.Option(help="The time zone of days and hours, such as Europe/Rome.")] = "UTC",
    as_json: AsJson = False,
) -> None:
    """Report on all orders in the lake: how they ended, how fast they were accepted, and their revenue.

    It adds up the aggregates of each day. Events that are not compacted yet are read as well. If they are too many,
    they are left out with a message: `takeaway compact` compacts them.

    Example: takeaway report --html report.html --open
    """
    there(lake)
    page = writable("--html", html) if html else None
    if lake:
        made = report_on(FolderLake(lake), timezone)
    else:
        made = make_report(options.of(context).system(), timezone, most_new=MOST_NEW)
    for each in made.unreadable:
        messages.print(f"[yellow]not in the report:[/] {escape(each)}")
    if page or show:
        file = page or Path(tempfile.mkdtemp(prefix="takeaway-report-")) / "report.html"
        write_page(made, file)
        if show:
            typer.launch(file.resolve().as_uri())
    if as_json:
        print_json(json.loads(made.model_dump_json()))
    elif not page and not show:
        print_report(made)


def there(lake: Path | None) -> None:
    """Raise UsageError if the lake's folder does not exist."""
    if lake is not None and not lake.is_dir():
        raise UsageError(f"--lake: there is no folder {visible(str(lake))}.")


@contextmanager
def as_sentences() -> Iterator[None]:
    """Turn errors of a lake in a folder into a sentence for people: UsageError or TakeawayError."""
    try:
        yield
    except NotPossible as error:
        raise UsageError(str(error)) from None
    except OSError as error:
        raise TakeawayError(f"{error.filename or 'The lake'}: {error.strerror or type(error).__name__}") from None


def make_report(system: System, timezone: str = "UTC", *, most_new: int | None = None) -> "Report":
    return report_on(system.lake.as_lake(), timezone, most_new=most_new)


def report_on(lake: "Lake", timezone: str = "UTC", *, most_new: int | None = None) -> "Report":
    from contexts.analytics.report import build_report  # noqa: PLC0415 - DuckDB loads slowly

    with steps("adding up what is in the lake"), as_sentences():
        return build_report(lake, timezone=timezone, most_new=most_new)


def write_page(made: "Report", file: Path) -> None:
    from contexts.analytics.report import ChartsMissing, render_page  # noqa: PLC0415 - as above

    try:
        with steps("drawing the page"):
            drawn = render_page(made)
        file.write_text(drawn, encoding="utf-8")
    except (ChartsMissing, OSError) as error:
        raise TakeawayError(f"The page was not written: {error}") from None
    messages.print(f"[green]✓[/] {plain(file)}")


def print_report(made: "Report", console: Console = results) -> None:
    if not made.events:
        if not made.unreadable:
            messages.print("The lake is empty: place an order first.")
        return
    listed = table("restaurant", *NUMBERS, "how they ended", right=NUMBERS)
    for restaurant in made.restaurants:
        listed.add_row(plain(restaurant.restaurant_id), *_cells(restaurant))
    listed.add_section()
    listed.add_row("all", *_cells(made), style="bold")
    print_table(listed, console)
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
