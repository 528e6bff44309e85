"""A graph as an SVG drawing in columns, from left to right. Pure; colours are the page's."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import escape

from takeaway.drawing.graph import Arrow, Box, Graph

LETTER, PADDING, HEIGHT = 6.9, 18, 26
ROW_GAP, MARGIN = 16, 8
NARROW_GAP, SMALL_LETTER, AROUND = 56, 5.2, 34  # between columns: as much as what is said there needs
SAID_AT_ONCE = 2
SWEEPS = 6


@dataclass(frozen=True)
class Place:
    x: float
    y: float
    width: float

    @property
    def middle(self) -> float:
        return self.y + HEIGHT / 2


def svg(graph: Graph, title: str) -> str:
    boxes, arrows = graph
    places = placed(boxes, arrows)
    width = max(place.x + place.width for place in places.values()) + MARGIN
    height = max(place.y for place in places.values()) + HEIGHT + MARGIN
    merged: dict[tuple[str, str], list[Arrow]] = defaultdict(list)
    for arrow in arrows:
        merged[arrow.source, arrow.target].append(arrow)
    lines = [_line(places[source], places[target], both) for (source, target), both in merged.items()]
    drawn = [_box(box, places[box.id]) for box in boxes]
    head = f'<svg viewBox="0 0 {width:.0f} {height:.0f}" width="{width:.0f}" height="{height:.0f}" role="img">'
    return "\n".join([head, f"<title>{escape(title)}</title>", *lines, *drawn, "</svg>"])


def placed(boxes: Sequence[Box], arrows: Sequence[Arrow]) -> Mapping[str, Place]:
    """Whoever comes after somebody stands to the right of him, unless they stand in a circle."""
    columns = _sorted(_columns([box.id for box in boxes], arrows), arrows)
    texts = {box.id: _text(box) for box in boxes}
    tallest = max(map(len, columns))
    places, x = {}, float(MARGIN)
    for column in columns:
        width = max(len(texts[id_]) * LETTER + PADDING for id_ in column)
        top = MARGIN + (tallest - len(column)) * (HEIGHT + ROW_GAP) / 2
        for row, id_ in enumerate(column):
            places[id_] = Place(x, top + row * (HEIGHT + ROW_GAP), width)
        said = [text for arrow in arrows if arrow.source in column for text in _said([arrow])]
        x += width + max(NARROW_GAP, AROUND + max(map(len, said), default=0) * SMALL_LETTER)
    return places


def _columns(ids: Sequence[str], arrows: Sequence[Arrow]) -> list[list[str]]:
    after = defaultdict(list)
    for arrow in arrows:
        after[arrow.source].append(arrow.target)
    forward = _forward(ids, after)
    column = dict.fromkeys(ids, 0)
    for _ in ids:
        for source, target in forward:
            column[target] = max(column[target], column[source] + 1)
    found = defaultdict(list)
    for id_ in ids:
        found[column[id_]].append(id_)
    return [found[number] for number in sorted(found)]


def _forward(ids: Sequence[str], after: Mapping[str, list[str]]) -> list[tuple[str, str]]:
    """All arrows but those that lead back to where one came from."""
    forward, state = [], dict.fromkeys(ids, "new")

    def visit(id_: str) -> None:
        state[id_] = "open"
        for target in after.get(id_, ()):
            if state[target] != "open":
                forward.append((id_, target))
            if state[target] == "new":
                visit(target)
        state[id_] = "done"

    for id_ in ids:
        if state[id_] == "new":
            visit(id_)
    return forward


def _sorted(columns: list[list[str]], arrows: Sequence[Arrow]) -> list[list[str]]:
    """Within its column each stands where those are to whom it is connected."""
    beside = defaultdict(set)
    for arrow in arrows:
        beside[arrow.source].add(arrow.target)
        beside[arrow.target].add(arrow.source)
    height = {id_: float(row - len(column) / 2) for column in columns for row, id_ in enumerate(column)}
    for _ in range(SWEEPS):
        for column in columns:
            wanted = {id_: sum(height[each] for each in beside[id_]) / (len(beside[id_]) or 1) for id_ in column}
            column.sort(key=lambda id_: wanted[id_])
            height |= {id_: float(row - len(column) / 2) for row, id_ in enumerate(column)}
    return columns


def _said(arrows: Sequence[Arrow]) -> list[str]:
    """What stands at a line, each text once; of many only how many they are."""
    texts = list(dict.fromkeys(arrow.text for arrow in arrows if arrow.text))
    return texts if len(texts) <= SAID_AT_ONCE else [f"{len(texts)} calls"]


def _line(source: Place, target: Place, arrows: Sequence[Arrow]) -> str:
    texts = _said(arrows)
    kind = "arrow main" if any(arrow.is_main for arrow in arrows) else "arrow"
    x1, y1, x2, y2 = source.x + source.width, source.middle, target.x, target.middle
    bend = max(36.0, abs(x2 - x1) / 2.4) if x2 > x1 else 60.0
    path = f"M{x1:.0f} {y1:.0f}C{x1 + bend:.0f} {y1:.0f} {x2 - bend:.0f} {y2:.0f} {x2 - 3:.0f} {y2:.0f}"
    at = ((x1 + x2) / 2, (y1 + y2) / 2 - 3)
    said = [
        f'<text class="said" x="{at[0]:.0f}" y="{at[1] + 11 * row:.0f}">{escape(text)}</text>'
        for row, text in enumerate(texts)
    ]
    return f'<g class="{kind}"><path d="{path}" marker-end="url(#head)"/>{"".join(said)}</g>'


def _text(box: Box) -> str:
    """On one line; a note is known by its first."""
    return f"{box.text} ({box.detail})" if box.detail and box.kind != "note" else box.text


def _box(box: Box, place: Place) -> str:
    round_ = HEIGHT / 2 if box.kind in ("wait", "person", "end", "fail", "done", "note") else 4
    return (
        f'<g class="box {box.kind}"><rect x="{place.x:.0f}" y="{place.y:.0f}" width="{place.width:.0f}" '
        f'height="{HEIGHT}" rx="{round_}"/><text x="{place.x + place.width / 2:.0f}" y="{place.middle + 4:.0f}">'
        f"{escape(_text(box))}</text></g>"
    )
