"""Tables in Markdown, as every generated page has them.

Not by `tabulate`: it quotes no bar, and pads columns to their widest cell, so one changed cell would rewrite a table.
"""

from collections.abc import Container, Iterable, Sequence


def table(headings: Sequence[str], rows: Iterable[Iterable[str]], *, right: Container[int] = ()) -> str:
    """`right` has the numbers of the columns that stand at the right, as figures do."""
    rule = ("---:" if column in right else "---" for column in range(len(headings)))
    return "\n".join([_row(headings), f"|{'|'.join(rule)}|", *map(_row, rows)])


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(map(cell, cells))} |"


def cell(text: str) -> str:
    """A text that ends no cell, whatever is in it."""
    return text.replace("\n", " ").replace("|", "\\|")
