"""An SVG drawing as a test reads it: the places of its boxes and texts, and the direction of its arrows."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from xml.etree import ElementTree as Xml

from takeaway.drawing.graph import Graph
from takeaway.drawing.svg import svg

Point = tuple[float, float]
LETTER, ABOVE, BELOW = 0.46, 0.75, 0.15  # a letter's width, its height above and below the line, in em


@dataclass(frozen=True)
class Rect:
    x: float
    y: float
    right: float
    bottom: float

    def has(self, point: Point) -> bool:
        return self.x <= point[0] <= self.right and self.y <= point[1] <= self.bottom

    def covers(self, other: "Rect") -> bool:
        beside = min(self.right, other.right) <= max(self.x, other.x)
        return not beside and min(self.bottom, other.bottom) > max(self.y, other.y)


@dataclass(frozen=True)
class Drawn:
    """A drawing. `boxes` and `curves` are by their ids, `said` has its lines of text."""

    width: int
    boxes: dict[str, Rect]
    curves: dict[str, list[Point]]
    said: Sequence[tuple[Rect, list[str]]]

    @property
    def covered(self) -> list[tuple[Rect, Rect]]:
        """Return the boxes and texts that lie on another one."""
        rects = [*self.boxes.values(), *(rect for rect, _ in self.said)]
        return [(one, other) for one, other in combinations(rects, 2) if one.covers(other)]


def drawn(graph: Graph, title: str = "a graph") -> Drawn:
    document = Xml.fromstring(svg(graph, title))
    groups = [(str(group.findtext("title")), group) for group in document.iter("g")]
    boxes = {name: _around(_points(each)) for name, each in groups if "node" in each.attrib["class"].split()}
    edges = [(name, each) for name, each in groups if "edge" in each.attrib["class"].split()]
    said = [_said(each.findall("text")) for _, each in edges if each.findall("text")]
    return Drawn(int(document.attrib["width"]), boxes, {name: _points(each) for name, each in edges}, said)


def _points(group: Xml.Element) -> list[Point]:
    [shape, *_] = [*group.iter("path"), *group.iter("polygon")]
    pairs = re.findall(r"(-?[\d.]+),(-?[\d.]+)", shape.get("d", "") + shape.get("points", ""))
    return [(float(x), float(y)) for x, y in pairs]


def _around(points: Sequence[Point]) -> Rect:
    across, down = zip(*points, strict=True)
    return Rect(min(across), min(down), max(across), max(down))


def _said(lines: Sequence[Xml.Element]) -> tuple[Rect, list[str]]:
    corners = []
    for line in lines:
        x, y, size = (float(line.attrib[name]) for name in ("x", "y", "font-size"))
        half = len(line.text or "") * size * LETTER / 2
        corners += [(x - half, y - size * ABOVE), (x + half, y + size * BELOW)]
    return _around(corners), [line.text or "" for line in lines]
