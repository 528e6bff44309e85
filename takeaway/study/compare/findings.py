"""The findings of a comparison as data: sections of rows, with a cell for each system. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from pydantic import BaseModel, ConfigDict

from takeaway.drawing.graph import Arrow, Box
from takeaway.study.compare.machine import Machine
from takeaway.wiring import Wiring


class Finding(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Cell(Finding):
    """A cell of the table; `value` is a number if a bar can be drawn."""

    text: str
    value: float | None = None


Found = Mapping[str, Cell]  # one system's cells in one story, by measure


class Picture(Finding):
    wiring: Wiring
    title: str
    boxes: list[Box]
    arrows: list[Arrow]
    mermaid: str


class Row(Finding):
    measure: str
    cells: dict[Wiring, Cell]


class Matrix(Finding):
    """A table of texts, by row."""

    columns: list[str]
    rows: dict[str, list[str]]


@dataclass(frozen=True)
class Told:
    """A story's findings about one system: cells by measure, and a matrix and pictures where cells are not enough."""

    cells: Found
    matrix: Matrix | None = None
    pictures: Sequence[Picture] = ()


class Section(Finding):
    anchor: str
    title: str
    told: str
    rows: list[Row]
    matrices: dict[Wiring, Matrix] = {}
    pictures: list[Picture] = []


class Comparison(Finding):
    at: datetime
    seconds: float
    machine: Machine
    sections: list[Section]


def beside(found: Mapping[Wiring, Found], absent: Cell | None = None) -> list[Row]:
    """Arrange the systems' findings as rows, one for each measure.

    `absent` fills the cell of a system without the measure; if it is None, that cell is left out.
    """
    measures = dict.fromkeys(measure for each in found.values() for measure in each)
    rows = []
    for measure in measures:
        cells = {wiring: each.get(measure, absent) for wiring, each in found.items()}
        rows.append(Row(measure=measure, cells={wiring: cell for wiring, cell in cells.items() if cell}))
    return rows


def number(value: float, unit: str = "") -> Cell:
    text = f"{value:,.0f}" if float(value).is_integer() else f"{value:,.2f}"
    return Cell(text=f"{text}{unit}", value=float(value))


def milliseconds(seconds: float) -> Cell:
    return Cell(text=f"{seconds * 1000:,.0f} ms", value=seconds * 1000)


def dollars(amount: float) -> Cell:
    return Cell(text=f"${amount:,.2f}", value=amount)


def counted(counts: Mapping[str, int], otherwise: str = "none") -> Cell:
    """Make a cell of counts, such as `2 PLACED, 1 EXPIRED`."""
    told = ", ".join(f"{count} {name}" for name, count in counts.items() if count)
    return Cell(text=told or otherwise)


def total(counts: Mapping[str, int], otherwise: str) -> Cell:
    """Make a cell of counts with their sum as value, so that a bar can be drawn."""
    return Cell(text=counted(counts, otherwise).text, value=float(sum(counts.values())))


def named(names: Sequence[str], otherwise: str = "none") -> Cell:
    return Cell(text=", ".join(names) or otherwise)


def yes(value: bool) -> Cell:  # noqa: FBT001
    return Cell(text="yes" if value else "no")
