"""The comparison as one page that needs nothing else: no network, no other file, no script."""

from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from takeaway.compare.capabilities import Outcome
from takeaway.compare.findings import Comparison, Picture, Row
from takeaway.drawing.svg import svg
from takeaway.wiring import Wiring

PAGE = Path(__file__).parent / "page"
# the beginnings of the measures that are shown first, by section
CHARTED = (
    ("goes-well", "all three"),
    ("goes-well", "a million orders cost"),
    ("goes-well", "of it Step Functions"),
    ("restaurant-never-answers", "orders of"),
    ("where-is-order-x", "while the restaurant thinks: answered"),
    ("promotions-down", "vouchers that are lost"),
    ("blast-radius", "orders promised and left open"),
    ("blast-radius", "orders with lines that never came"),
)
CLASSES = {
    Outcome.WORKS: "works",
    Outcome.LATER: "later",
    Outcome.REDRIVEN: "redriven",
    Outcome.REPLAYED: "replayed",
    Outcome.NEVER: "never",
}


@dataclass(frozen=True)
class Bar:
    wiring: Wiring
    text: str
    share: int


@dataclass(frozen=True)
class Chart:
    title: str
    bars: list[Bar]


def render_page(comparison: Comparison) -> str:
    environment = Environment(
        loader=FileSystemLoader(PAGE), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    environment.globals.update(
        {"trusted": _file, "shares": shares, "drawn": _drawn, "classes": CLASSES, "wirings": list(Wiring)}
    )
    return environment.get_template("page.html").render(comparison=comparison, charts=charts(comparison))


def charts(comparison: Comparison) -> list[Chart]:
    return [
        Chart(
            f"{section.title}: {row.measure}",
            [Bar(wiring, row.cells[wiring].text, share) for wiring, share in part.items()],
        )
        for anchor, beginning in CHARTED
        for section in comparison.sections
        if section.anchor == anchor
        for row in section.rows
        if row.measure.startswith(beginning) and (part := shares(row))
    ]


def shares(row: Row) -> dict[Wiring, int]:
    """Of the largest of the three, in percent; empty where there is nothing to draw."""
    values = {wiring: cell.value for wiring, cell in row.cells.items() if cell.value is not None}
    largest = max(values.values(), default=0)
    if len(values) < len(Wiring) or largest <= 0:
        return {}
    return {wiring: round(100 * value / largest) for wiring, value in values.items()}


def _file(name: str) -> Markup:
    return Markup((PAGE / name).read_text(encoding="utf-8"))  # noqa: S704 - our own file


def _drawn(picture: Picture) -> Markup:
    return Markup(svg((picture.boxes, picture.arrows), picture.title))  # noqa: S704 - its texts are escaped
