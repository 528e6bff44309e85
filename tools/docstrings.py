"""Report docstrings that open with a word such as "What", "Of" or "Whether": `make lint` runs this over all sources.

Such an opening leaves out who does what, so a reader who has not seen the code can't tell what it is for. Ruff's
pydocstyle rules (`D` in pyproject.toml) check the form of a docstring; they know nothing of its first word.
"""

import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from takeaway.paths import REPOSITORY, files

SOURCES = ("app.py", "contexts", "examples", "requirements", "shared", "takeaway", "tests", "tools")
RIDDLES = frozenset((
    "what", "who", "whom", "whose", "how", "whether", "which", "when", "where", "why",
    "whatever", "whoever", "whichever", "wherever", "that", "this", "these", "those",
    "of", "as", "by", "with", "without", "until", "if", "so", "but", "and", "or", "not",
    "it", "its", "they", "them", "their",
    "something", "somebody", "someone", "anything", "anybody", "nobody",
))  # fmt: skip
Documented = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Riddle:
    """A docstring whose first word is one of `RIDDLES`: the line on which it starts, and that word as it is written."""

    line: int
    word: str


def riddles(source: str) -> list[Riddle]:
    """Return each docstring of a module's source text that opens with a word of `RIDDLES`, in the order of the lines.

    Raises SyntaxError if the text is not Python.
    """
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, Documented) and (text := ast.get_docstring(node)):
            word = re.match(r"\w*", text)
            if word and word[0].lower() in RIDDLES:
                found.append(Riddle(node.body[0].lineno, word[0]))
    return sorted(found, key=lambda riddle: riddle.line)


def modules(repository: Path) -> Iterator[Path]:
    """Yield every Python file below `SOURCES` that somebody wrote."""
    for name in SOURCES:
        start = repository / name
        yield from (path for path in ((start,) if start.is_file() else files(start)) if path.suffix == ".py")


def main() -> int:
    """Print a line per riddle, as `file:line: reason`; return 1 if there was one, so that `make lint` fails."""
    found = [
        f"{path.relative_to(REPOSITORY)}:{riddle.line}: docstring opens with {riddle.word!r}: begin with a"
        " verb, or with the thing that it describes (CONTRIBUTING.md, Words)"
        for path in modules(REPOSITORY)
        for riddle in riddles(path.read_text(encoding="utf-8"))
    ]
    print(*found, sep="\n", end="\n" if found else "")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
