"""Print results on standard output, and everything else on standard error.

Both consoles spell control characters out, so that text from outside can't act on the terminal. Where such text is
printed within markup of ours, it has to go through `plain`, or its square brackets would be read as markup.
"""

import dataclasses
import json
import os
import sys
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Annotated, Any, Literal

import typer
from rich.console import Console, ConsoleOptions, RenderableType
from rich.markup import escape
from rich.segment import Segment
from rich.table import Table
from rich.text import Text

from takeaway.unseen import inert_json, visible, visible_lines
from takeaway.waiting import Wait, waiting_for

ANY_WIDTH = 10_000
FOLDED: Literal["fold"] = "fold"
NARROWEST = 60  # columns of a terminal in which a table with prose still has room for its other columns


class CarefulConsole(Console):
    """A console that spells control characters out; the colours that it adds itself are not affected.

    It leaves `:smile:` as it was written, where rich would make an emoji of it.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(emoji=False, **options)

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterable[Segment]:
        for segment in super().render(renderable, options):
            yield segment if segment.control else Segment(visible_lines(segment.text), segment.style)


def _width() -> int | None:
    """Return the width to print with: a file has none of its own, so it gets 160."""
    is_terminal = sys.stdout is not None and sys.stdout.isatty()
    return None if is_terminal or "COLUMNS" in os.environ else 160


results = CarefulConsole(highlight=False, soft_wrap=True, width=_width())
messages = CarefulConsole(stderr=True, highlight=False, soft_wrap=True)

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for a program to read.")]


def print_json(value: object) -> None:
    """Print one JSON document; a dataclass becomes an object of its fields."""
    results.out(_json(value, indent=2), highlight=False)


def print_json_line(value: object) -> None:
    results.out(_json(value), highlight=False)


def _json(value: object, indent: int | None = None) -> str:
    """Write as JSON, with letters of all scripts unescaped if the output's encoding has them."""
    encoding = (getattr(sys.stdout, "encoding", None) or "utf-8").lower().replace("-", "")
    return inert_json(json.dumps(value, default=_plain, ensure_ascii=encoding != "utf8", indent=indent))


def plain(text: object) -> str:
    """Escape text from outside for use within markup, so that it is shown as written, `[red]` included."""
    return escape(visible(str(text)))


def warn(sentence: str) -> None:
    messages.print(f"[yellow]![/] {plain(sentence)}")


def table(*headings: str, right: Collection[str] = (), prose: Collection[str] = ()) -> Table:
    """Make a table without a frame.

    The columns in `right` have numbers, so they are aligned to the right. Those in `prose` are folded where a terminal
    is too narrow; no other is, because cells that were cut or folded could not be copied.
    """
    made = Table(box=None, pad_edge=False)
    for heading in headings:
        made.add_column(
            heading,
            justify="right" if heading in right else "left",
            no_wrap=bool(prose) and heading not in prose,
            overflow=FOLDED if heading in prose else "ellipsis",
        )
    return made


def print_table(made: Table, console: Console = results) -> None:
    """Print a table as wide as it needs, without blanks at the ends of lines: a terminal would break the line there."""
    any_width = console.options.update(max_width=ANY_WIDTH)
    made.width = console.measure(made, options=any_width).maximum
    if console.is_terminal and any(column.overflow == FOLDED for column in made.columns):
        made.width = min(made.width, max(console.width, NARROWEST))
    for segments in console.render_lines(made, any_width, pad=False):
        line = Text.assemble(*((segment.text, segment.style or "") for segment in segments))
        line.rstrip()
        console.print(line)


class Steps:
    """Progress of a command: a line that stays for each thing done; below them the current step and its duration."""

    def __init__(self, wait: Wait) -> None:
        self._wait = wait

    def step(self, doing: str) -> None:
        self._wait.goes_on_with(doing)

    def done(self, what: str) -> None:
        messages.print(f"[green]✓[/] {what}")


@contextmanager
def steps(doing: str) -> Iterator[Steps]:
    """Show what the program is doing while the block runs; the block tells further steps to the yielded object."""
    with waiting_for(doing) as wait:
        yield Steps(wait)


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, timedelta):
        return value.total_seconds()
    raise TypeError(f"no JSON for {type(value).__name__}")
