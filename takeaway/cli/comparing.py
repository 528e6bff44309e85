"""compare: the three systems beside each other."""

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from takeaway.cli.output import AsJson, messages, results, steps
from takeaway.compare.findings import Comparison
from takeaway.compare.markdown import markdown
from takeaway.compare.run import compare as compared
from takeaway.compare.stories import TITLES
from takeaway.errors import UsageError
from takeaway.paths import REPOSITORY
from takeaway.wiring import Wiring

Sections = Annotated[list[str] | None, typer.Option("--only", metavar="SECTION", help="This section (repeatable).")]


def compare(
    *,
    orders: Annotated[int, typer.Option(min=1, help="How many orders go well in each system.")] = 7,
    only: Sections = None,
    docs: Annotated[bool, typer.Option("--docs", help="Write docs/comparison.md.")] = False,
    as_json: AsJson = False,
) -> None:
    """Live the same stories in all three systems, on an engine of their own, and show what each does.

    It takes some minutes and leaves nothing behind.

    Example: takeaway compare --only goes-well --orders 3
    """
    if unknown := sorted(set(only or ()) - TITLES.keys()):
        raise UsageError(f"--only takes one of {', '.join(TITLES)}, not {', '.join(unknown)}.")
    if docs and only:
        raise UsageError("--docs writes the whole page: leave --only out.")
    with steps("starting") as progress:
        comparison = compared(progress, orders=orders, only=only or ())
    if as_json:
        print(comparison.model_dump_json(indent=2))
    else:
        results.print(_table(comparison))
    if docs:
        _write(REPOSITORY / "docs/comparison.md", markdown(comparison))


def _table(comparison: Comparison) -> Table:
    table = Table("", *Wiring, title=f"On {comparison.machine.told()}, in {comparison.seconds:.0f} s")
    for section in comparison.sections:
        table.add_section()
        table.add_row(f"[bold]{section.title}[/]")
        for row in section.rows:
            table.add_row(row.measure, *(escape(row.cells[wiring].text) for wiring in Wiring if wiring in row.cells))
    return table


def _write(file: Path, text: str) -> None:
    file.write_text(text, encoding="utf-8")
    messages.print(f"[green]✓[/] {file.name} written")
