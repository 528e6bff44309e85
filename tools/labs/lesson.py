"""Read a lab's page: blocks of commands (`sh`), each followed by the expected output (`text`).

Several blocks of `text` after one of commands are alternatives, such as the possible winners of a race. A line `…`
stands for any number of lines, a `…` within a line for any text.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from markdown_it import MarkdownIt

from takeaway.paths import REPOSITORY

PAGES = sorted((REPOSITORY / "docs" / "labs").glob("[0-9]*.md"))
COMMANDS, SHOWN, PICTURES = "sh", "text", ("mermaid", "json")


class WrongPage(Exception):
    """Raised for a page with a block that would not be tested."""


@dataclass(frozen=True)
class Shown:
    """An expected output; its lines on the page are from `start` to before `end`."""

    text: str
    start: int
    end: int


@dataclass(frozen=True)
class Step:
    commands: str
    line: int
    shown: list[Shown] = field(default_factory=list)


def steps_of(page: str) -> Sequence[Step]:
    """Read the steps in the page's order. Raises WrongPage."""
    steps: list[Step] = []
    for token in MarkdownIt().parse(page):
        if token.type not in ("fence", "code_block"):
            continue
        assert token.map
        start, end = token.map
        kind = token.info.strip()
        if kind == COMMANDS:
            steps.append(Step(token.content, start + 1))
        elif kind == SHOWN and steps:
            steps[-1].shown.append(Shown(token.content, start + 1, end - 1))
        elif kind not in PICTURES:
            known = f"{COMMANDS}, or {SHOWN} after it, or {' or '.join(PICTURES)}"
            raise WrongPage(f"line {start + 1}: a block is {known}; not {kind!r}")
    if not steps:
        raise WrongPage("it has no commands")
    return steps


def read(page: Path) -> Sequence[Step]:
    return steps_of(page.read_text(encoding="utf-8"))
