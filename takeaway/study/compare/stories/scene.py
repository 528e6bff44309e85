"""What a story is told with, and what it tells."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from takeaway.study.compare.findings import Found, Matrix, Picture
from takeaway.study.compare.trio import Contender


@dataclass(frozen=True)
class Told:
    """Cells by what was measured, and what says more than a cell can."""

    cells: Found
    matrix: Matrix | None = None
    pictures: Sequence[Picture] = ()


@dataclass(frozen=True)
class Story:
    """A section of the comparison.

    `begin` is for what takes its time by waiting: it is done in all systems before the first story, and `live` gets
    what it gave. `alone`: one system after the other, with nothing beside it, since times are measured.
    """

    anchor: str
    live: Callable[[Contender, Any], Told]
    begin: Callable[[Contender, int], Any] = field(default=lambda _, orders: orders)
    alone: bool = False
    absent: str = ""  # said where a system has not what another was looked at for
