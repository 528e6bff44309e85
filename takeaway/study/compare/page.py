"""Write the comparison as a page of docs/, and as an HTML page that works without network, other files and scripts."""

from pathlib import Path
from typing import NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from takeaway.drawing.svg import svg
from takeaway.markdown import table
from takeaway.study.compare.capabilities import Outcome
from takeaway.study.compare.findings import Comparison, Matrix, Picture, Row, Section
from takeaway.wiring import Wiring

PAGES = Path(__file__).parent / "page"
# The measures that are charted: section, and beginning of the measure.
CHARTED = (
    ("goes-well", "all three"),
    ("goes-well", "a million orders cost"),
    ("goes-well", "of it Step Functions"),
    ("restaurant-never-answers", "orders of"),
    ("where-is-order-x", "while the restaurant thinks: answered"),
    ("promotions-down", "vouchers that are lost"),
    ("blast-radius", "orders promised and left open"),
    ("blast-radius", "orders with lines that never came"),
    ("open-orders", "orders lost"),
)
CLASSES = {str(outcome): outcome.name.lower() for outcome in Outcome}


class Chart(NamedTuple):
    """A row that is drawn as a chart, above the sections."""

    title: str
    row: Row


def render_page(comparison: Comparison) -> str:
    """Render the HTML page, with charts and pictures."""
    return _pages().get_template("page.html").render(comparison=comparison, charts=charts(comparison))


def markdown(comparison: Comparison) -> str:
    """Render the Markdown page of docs/."""
    return _pages().get_template("comparison.md.jinja").render(comparison=comparison)


def charts(comparison: Comparison) -> list[Chart]:
    return [
        Chart(f"{section.title}: {row.measure}", row)
        for anchor, beginning in CHARTED
        for section in comparison.sections
        if section.anchor == anchor
        for row in section.rows
        if row.measure.startswith(beginning) and shares(row)
    ]


def shares(row: Row) -> dict[Wiring, int]:
    """Return the values as percent of the largest one; empty if there is nothing to draw."""
    values = {wiring: cell.value for wiring, cell in row.cells.items() if cell.value is not None}
    largest = max(values.values(), default=0)
    if len(values) < len(Wiring) or largest <= 0:
        return {}
    return {wiring: round(100 * value / largest) for wiring, value in values.items()}


def _pages() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(PAGES),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
    )
    environment.globals.update(
        {
            "shares": shares,
            "drawn": _drawn,
            "classes": CLASSES,
            "wirings": list(Wiring),
            "beside": _beside,
            "taken_out": _taken_out,
        }
    )
    return environment


def _drawn(picture: Picture) -> Markup:
    return Markup(svg((picture.boxes, picture.arrows), picture.title))  # noqa: S704 - `svg` escapes its texts


def _beside(section: Section) -> str:
    return table(["", *Wiring], [[row.measure, *(row.cells[each].text for each in Wiring)] for row in section.rows])


def _taken_out(matrix: Matrix) -> str:
    return table(["taken out", *matrix.columns], ([name, *cells] for name, cells in matrix.rows.items()))
