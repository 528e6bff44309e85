"""A graph as an SVG drawing, from left to right or from top to bottom. Pure; colours are the page's."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

from markupsafe import escape

from takeaway.drawing.graph import Arrow, Box, Graph
from takeaway.drawing.labels import LINE, SMALL_LETTER, Curve, Rect, beside, said
from takeaway.drawing.layout import HEIGHT, Layers, Layout, Spot, Way

MARGIN, HEAD = 8, 3
ROOM = {True: 44, False: 32}  # between two rows, between two columns


@dataclass(frozen=True)
class Drawing:
    """What is drawn, and where: `boxes` by id, `said` with its lines, and the curves of each arrow."""

    size: tuple[float, float]
    boxes: Mapping[str, Rect]
    curves: Mapping[Way, Sequence[Curve]]
    said: Sequence[tuple[Rect, Sequence[str], Way]]

    @property
    def covered(self) -> float:
        """How much of boxes and texts lies on another."""
        rects = [*self.boxes.values(), *(rect for rect, _, _ in self.said)]
        return sum(one.overlap(other) for one, other in combinations(rects, 2))


def svg(graph: Graph, title: str) -> str:
    boxes, arrows = graph
    found = drawing(graph)
    main = {(arrow.source, arrow.target) for arrow in arrows if arrow.is_main}
    lines = [_line(curves, "arrow main" if way in main else "arrow") for way, curves in found.curves.items()]
    texts = [_text(rect, told) for rect, told, _ in found.said]
    drawn = [_box(box, found.boxes[box.id]) for box in boxes]
    width, height = found.size
    head = f'<svg viewBox="0 0 {width:.0f} {height:.0f}" width="{width:.0f}" height="{height:.0f}" role="img">'
    return "\n".join([head, f"<title>{escape(title)}</title>", *lines, *drawn, *texts, "</svg>"])


def drawing(graph: Graph) -> Drawing:
    """Whichever of the two is to be read without anything on top of another; of two, the narrower."""
    drawings = [_drawing(*graph, down=down) for down in (False, True)]
    return min(drawings, key=lambda each: (each.covered > 0, each.size[0]))


def _drawing(boxes: Sequence[Box], arrows: Sequence[Arrow], *, down: bool) -> Drawing:
    texts = said(arrows)
    layout = _layout(boxes, arrows, texts, down=down)
    rects = {id_: _rect(spot, layout) for id_, spot in layout.spots.items()}
    curves = {way: list(_curves(way, layout)) for way in layout.ways}
    return Drawing(layout.size, rects, curves, beside(texts, curves, list(rects.values()), down=down))


def _layout(boxes: Sequence[Box], arrows: Sequence[Arrow], texts: Mapping[Way, list[str]], *, down: bool) -> Layout:
    """With as much room before each layer as what is said there needs."""
    first = Layers(boxes, arrows, down).layout(ROOM[down], MARGIN)
    room: dict[int, float] = defaultdict(lambda: ROOM[down])
    for way, lines in texts.items():
        begins = max(spot.layer for spot in first.ways[way][:2])
        needed = len(lines) * LINE + 32 if down else max(map(len, lines)) * SMALL_LETTER + 26
        room[begins] = max(room[begins], needed)
    return Layers(boxes, arrows, down, room).layout(ROOM[down], MARGIN)


def _rect(spot: Spot, layout: Layout) -> Rect:
    x, y = (spot.across, spot.along) if layout.down else (spot.along, spot.across)
    width = spot.breadth if layout.down else spot.length
    return Rect(x - width / 2, y - HEIGHT / 2, width, HEIGHT)


def _curves(way: Way, layout: Layout) -> Iterator[Curve]:
    passed = layout.ways[way]
    for number, (one, other) in enumerate(pairwise(passed)):
        forward = 1 if other.layer > one.layer else -1
        last = HEAD if number == len(passed) - 2 else 0
        begin = one.along + forward * one.length / 2, one.across + (0 if number else _port(way, 0, layout))
        end = other.along - forward * (other.length / 2 + last), other.across + (_port(way, 1, layout) if last else 0)
        half = (end[0] - begin[0]) / 2
        points = (begin, (begin[0] + half, begin[1]), (end[0] - half, end[1]), end)
        yield tuple((across, along) if layout.down else (along, across) for along, across in points)  # type: ignore[misc]


def _port(way: Way, end: int, layout: Layout) -> float:
    """Arrows begin and end beside each other, in the order of where they come from and lead to."""
    spot = layout.spots[way[end]]
    mine = layout.ways[way][-2 if end else 1]
    side = [passed[-2 if end else 1] for each, passed in layout.ways.items() if each[end] == spot.id]
    side = sorted((each for each in side if each.layer == mine.layer), key=lambda each: each.across)
    apart = min(16.0 if layout.down else 5.0, (spot.breadth - 12) / max(1, len(side)))
    return (side.index(mine) - (len(side) - 1) / 2) * apart


def _line(curves: Sequence[Curve], kind: str) -> str:
    path = f"M{curves[0][0][0]:.0f} {curves[0][0][1]:.0f}"
    path += "".join("C" + " ".join(f"{x:.0f} {y:.0f}" for x, y in curve[1:]) for curve in curves)
    return f'<g class="{kind}"><path d="{path}" marker-end="url(#head)"/></g>'


def _text(rect: Rect, lines: Sequence[str]) -> str:
    x = rect.x + rect.width / 2
    return "".join(
        f'<text class="said" x="{x:.0f}" y="{rect.y + LINE * number + 9:.0f}">{escape(line)}</text>'
        for number, line in enumerate(lines)
    )


def _box(box: Box, rect: Rect) -> str:
    round_ = HEIGHT / 2 if box.kind in ("wait", "person", "end") else 4
    return (
        f'<g class="box {box.kind}"><rect x="{rect.x:.0f}" y="{rect.y:.0f}" width="{rect.width:.0f}" '
        f'height="{HEIGHT}" rx="{round_}"/><text x="{rect.x + rect.width / 2:.0f}" y="{rect.y + HEIGHT / 2 + 4:.0f}">'
        f"{escape(box.text)}</text></g>"
    )
