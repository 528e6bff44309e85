"""Write the table of docs/performance.md: `make bench`; only some: `python -m tools.benchmarks "cold start"`.

Rows that are not measured anew stay as they are.
"""

import platform
import sys
from datetime import UTC, datetime
from pathlib import Path

from takeaway.markdown import table
from takeaway.run.cli.command_classes import as_program
from tools.benchmarks.registry import BENCHES

PAGE = Path(__file__).parents[2] / "docs/performance.md"
BEGIN, END = "<!-- made by `make bench`, never by hand -->\n", "<!-- end -->"
HEADINGS = ("of", "what", "before", "now", "goal", "measured")
Row = tuple[str, ...]


def written(page: str, bench: str, rows: list[Row]) -> str:
    """Return the page with this bench's rows replaced; all rows are in the registry's order."""
    before, _, rest = page.partition(BEGIN)
    made, _, after = rest.partition(END)
    kept = [tuple(cell.strip() for cell in line.strip("|").split("|")) for line in made.splitlines()[2:]]
    order = [each.name for each in BENCHES]
    known = [row for row in kept if row[0] in order and row[0] != bench]
    all_rows = sorted([*known, *rows], key=lambda row: order.index(row[0]))
    return f"{before}{BEGIN}{table(HEADINGS, all_rows)}\n{END}{after}"


def main(asked: list[str]) -> None:
    if unknown := set(asked) - {bench.name for bench in BENCHES}:
        sys.exit(f"{', '.join(unknown)}: expected some of {', '.join(bench.name for bench in BENCHES)}")
    here = f"{datetime.now(UTC):%Y-%m-%d}, Python {platform.python_version()}"
    for bench in BENCHES:
        if not asked or bench.name in asked:
            print(f"{bench.name} …", flush=True)
            rows: list[Row] = [(bench.name, *row, here) for row in bench.rows()]
            PAGE.write_text(written(PAGE.read_text(encoding="utf-8"), bench.name, rows), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(as_program(lambda: main(sys.argv[1:])))
