"""The command compare: plays the same stories in all wirings, and measures them."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape
from rich.table import Table

from takeaway.errors import TakeawayError, UsageError
from takeaway.paths import REPOSITORY
from takeaway.run.cli.output import AsJson, messages, plain, print_json, results, steps
from takeaway.wiring import Wiring

if TYPE_CHECKING:
    from takeaway.study.compare.findings import Comparison

PAGE = REPOSITORY / "docs/generated/comparison.md"
Sections = Annotated[
    list[str] | None, typer.Option("--only", metavar="SECTION", help="This section alone; can be given several times.")
]


def compare(
    *,
    orders: Annotated[int, typer.Option(min=1, max=100, help="The number of orders that go well in each system.")] = 7,
    only: Sections = None,
    html: Annotated[Path | None, typer.Option(metavar="FILE", help="Write an HTML page with charts.")] = None,
    docs: Annotated[bool, typer.Option("--docs", help=f"Write {PAGE.relative_to(REPOSITORY)}.")] = False,
    as_json: AsJson = False,
) -> None:
    """Play the same stories in the hybrid, durable, choreographed and orchestrated system, and show what each does.

    All four are deployed on an engine of their own; it takes less than five minutes and leaves nothing behind. Every
    cell is measured, or counted from the templates.

    Example: takeaway compare --only goes-well --orders 3
    """
    from takeaway.study.compare.run import compare as compared  # noqa: PLC0415 - loading it would slow `--help` down
    from takeaway.study.compare.stories import texts  # noqa: PLC0415

    if unknown := sorted(set(only or ()) - texts().keys()):
        raise UsageError(f"--only takes one of {', '.join(texts())}, not {', '.join(unknown)}.")
    if docs and only:
        raise UsageError("--docs writes the whole page: leave --only out.")
    with steps("starting") as progress:
        comparison = compared(progress, orders=orders, only=only or ())
    if as_json:
        print_json(json.loads(comparison.model_dump_json()))
    else:
        results.print(_table(comparison))
    _write(comparison, html, docs=docs)


def _table(comparison: "Comparison") -> Table:
    table = Table("", *Wiring, title=f"On {comparison.machine.told()}, in {comparison.seconds:.0f} s")
    for section in comparison.sections:
        table.add_section()
        table.add_row(f"[bold]{escape(section.title)}[/]")
        for row in section.rows:
            table.add_row(escape(row.measure), *(escape(row.cells[wiring].text) for wiring in Wiring))
    return table


def _write(comparison: "Comparison", html: Path | None, *, docs: bool) -> None:
    from takeaway.study.compare.page import markdown, render_page  # noqa: PLC0415 - as above

    pages = {html: render_page} if html else {}
    if docs:
        pages[PAGE] = markdown
    for file, render in pages.items():
        try:
            file.write_text(render(comparison), encoding="utf-8")
        except OSError as error:
            raise TakeawayError(f"The page was not written: {error}") from None
        messages.print(f"[green]✓[/] {plain(file)}")
