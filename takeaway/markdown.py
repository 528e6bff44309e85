"""Write Markdown tables for generated pages.

`tabulate` would not do: it does not escape `|`, and it pads columns to the widest cell, so that one changed cell would
change every line.
"""

from collections.abc import Container, Iterable, Sequence


def table(headings: Sequence[str], rows: Iterable[Iterable[str]], *, right: Container[int] = ()) -> str:
    """Write a table; `right` has the numbers of the columns that are aligned to the right."""
    rule = ("---:" if column in right else "---" for column in range(len(headings)))
    return "\n".join([_row(headings), f"|{'|'.join(rule)}|", *map(_row, rows)])


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(map(cell, cells))} |"


def cell(text: str) -> str:
    """Escape a text, so that it can't end its cell."""
    return text.replace("\n", " ").replace("|", "\\|")
