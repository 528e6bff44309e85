"""How results and progress are shown: results on standard output, everything else on standard error.

Nothing that came from outside acts on the terminal: both consoles spell control characters out, whoever prints them.
Markup is only a risk where text is printed with markup of ours around it: `plain` is for that.
"""

import dataclasses
import json
import os
import sys
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Annotated, Any

import typer
from rich.console import Console, ConsoleOptions, RenderableType
from rich.markup import escape
from rich.segment import Segment
from rich.table import Table

from takeaway.unseen import inert_json, visible, visible_lines
from takeaway.waiting import Wait, waiting_for

ANY_WIDTH = 10_000


class CarefulConsole(Console):
    """Spells out, wherever it comes from, what a terminal would obey; its own colours are no text."""

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterable[Segment]:
        for segment in super().render(renderable, options):
            yield segment if segment.control else Segment(visible_lines(segment.text), segment.style)


def _width() -> int | None:
    """A file or a log has none of its own."""
    is_terminal = sys.stdout is not None and sys.stdout.isatty()
    return None if is_terminal or "COLUMNS" in os.environ else 160


results = CarefulConsole(highlight=False, soft_wrap=True, width=_width())
messages = CarefulConsole(stderr=True, highlight=False, soft_wrap=True)

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for a program to read.")]


def print_json(value: object) -> None:
    """One JSON document. Objects of ours become their fields."""
    results.out(_json(value, indent=2), highlight=False)


def print_json_line(value: object) -> None:
    results.out(_json(value), highlight=False)


def _json(value: object, indent: int | None = None) -> str:
    """In everybody's own script, where the output can have it."""
    encoding = (getattr(sys.stdout, "encoding", None) or "utf-8").lower().replace("-", "")
    return inert_json(json.dumps(value, default=_plain, ensure_ascii=encoding != "utf8", indent=indent))


def plain(text: object) -> str:
    """Text from outside, for one line with markup: shown as it is written, `[red]` and all."""
    return escape(visible(str(text)))


def warn(sentence: str) -> None:
    messages.print(f"[yellow]![/] {plain(sentence)}")


def table(*headings: str, right: Collection[str] = ()) -> Table:
    """Without a frame; under `right` are numbers."""
    made = Table(box=None, pad_edge=False)
    for heading in headings:
        made.add_column(heading, justify="right" if heading in right else "left")
    return made


def print_table(made: Table, console: Console = results) -> None:
    """As wide as it has to be: what is in it is there to be copied, and a narrow terminal folds lines by itself."""
    made.width = console.measure(made, options=console.options.update(max_width=ANY_WIDTH)).maximum
    console.print(made)


class Steps:
    """Progress as lines that stay, with what is being done, and for how long, below them."""

    def __init__(self, wait: Wait) -> None:
        self._wait = wait

    def step(self, doing: str) -> None:
        self._wait.goes_on_with(doing)

    def done(self, what: str) -> None:
        messages.print(f"[green]✓[/] {what}")


@contextmanager
def steps(doing: str) -> Iterator[Steps]:
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
