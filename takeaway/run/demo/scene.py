"""Print the acts: titles, paragraphs, and two columns that fill at a reader's pace.

Without a terminal nothing is slowed down. Everything fits into 80 columns.
"""

import time
from collections.abc import Iterable

from rich.box import MINIMAL
from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from takeaway.run.demo.rows import Reaction, Row, is_step

WIDTH = 80
INDENT = 3
LEFT = 34
COLORS = {"customer": "blue", "orders": "yellow", "restaurant": "magenta", "operator": "red"}
NEIGHBOUR_COLOR = "green"
ROW_SECONDS, PARAGRAPH_SECONDS = 0.3, 0.6


class Scene:
    def __init__(self, console: Console) -> None:
        self.console = console
        self._width = min(WIDTH, console.width)

    def title(self, number: int, text: str) -> None:
        self.console.print(Text(f"\n{number}  {text}", "bold"))

    def say(self, text: str) -> None:
        """Print a paragraph, and leave time to read it."""
        self.show(Text(text))
        self._pause(PARAGRAPH_SECONDS)

    def show(self, what: RenderableType) -> None:
        self.console.print(Padding(what, (0, 0, 0, INDENT), expand=False), width=self._width, soft_wrap=False)

    def line(self, text: str) -> None:
        """Print a line that is not wrapped, so that it can be copied."""
        self.console.print(Text(f"{'':{INDENT}}{text}"), soft_wrap=True)

    def headings(self) -> None:
        self._beside(Text("inside orders: a workflow decides", "bold"), Text("outside: who hears what", "bold"))

    def row(self, row: Row) -> None:
        inside = Text(f"  → {row.inside}", "yellow") if row.is_event else Text(_words(row.inside), "cyan")
        self._beside(inside, _reactions(row.outside))
        self._pause(ROW_SECONDS)

    def late(self, reactions: Iterable[Reaction]) -> None:
        """Print reactions to a row that was told before."""
        self._beside(Text(), _reactions(reactions, named=True))

    def _beside(self, left: Text, right: Text) -> None:
        line = Table(box=MINIMAL, show_header=False, show_edge=False, pad_edge=False)
        line.add_column(width=LEFT)
        line.add_column(max_width=self._width - INDENT - LEFT - 3)
        line.add_row(left, right)
        self.show(line)

    def _pause(self, seconds: float) -> None:
        if self.console.is_terminal:
            time.sleep(seconds)


def _words(step: str) -> str:
    return step if is_step(step) else f"The workflow {step}"


def _reactions(reactions: Iterable[Reaction], *, named: bool = False) -> Text:
    """Format reactions; one that stands beside its event says "it" instead of the event's name."""
    lines = []
    for each in reactions:
        what = each.what if named or not each.heard else each.what.replace(each.heard, "it")
        lines.append(Text.assemble((each.who, COLORS.get(each.who, NEIGHBOUR_COLOR)), f" {what}"))
    return Text("\n").join(lines)
