"""What is said at the arrows of a drawing, and where, so that it covers nothing. Pure."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from takeaway.drawing.graph import Arrow
from takeaway.drawing.layout import Way

SMALL_LETTER, LINE, WRAPPED = 5.4, 11, 16
SAID_AT_ONCE = 2
WHERE = (0.5, 0.62, 0.38, 0.74, 0.26, 0.84, 0.16)  # along an arrow, in the order in which it is tried
Point = tuple[float, float]
Curve = tuple[Point, Point, Point, Point]  # cubic: its ends, and what bends it between them


@dataclass(frozen=True)
class Rect:
    x: float
    y: float
    width: float
    height: float

    def overlap(self, other: "Rect") -> float:
        wide = min(self.x + self.width, other.x + other.width) - max(self.x, other.x)
        high = min(self.y + self.height, other.y + other.height) - max(self.y, other.y)
        return max(0.0, wide) * max(0.0, high)


def said(arrows: Sequence[Arrow]) -> dict[Way, list[str]]:
    """What stands at an arrow, of many calls only how many. What several of a box say alike is said once."""
    texts: dict[Way, list[str]] = defaultdict(list)
    for arrow in arrows:
        if arrow.text and arrow.text not in texts[arrow.source, arrow.target]:
            texts[arrow.source, arrow.target].append(arrow.text)
    told = {way: tuple(all_ if len(all_) <= SAID_AT_ONCE else [f"{len(all_)} calls"]) for way, all_ in texts.items()}
    for end in (0, 1):
        alike: dict[tuple[str, tuple[str, ...]], list[Way]] = defaultdict(list)
        for way, lines in told.items():
            alike[way[end], lines].append(way)
        told = {ways[len(ways) // 2]: lines for (_, lines), ways in alike.items() if lines}
    return {way: [line for text in lines for line in _wrapped(text)] for way, lines in told.items()}


def _wrapped(text: str) -> Iterator[str]:
    line = ""
    for word in text.split(" "):
        if line and len(line) + 1 + len(word) > WRAPPED:
            yield line
            line = word
        else:
            line = f"{line} {word}".strip()
    yield line


def beside(
    texts: Mapping[Way, list[str]],
    curves: Mapping[Way, Sequence[Curve]],
    taken: list[Rect],
    *,
    down: bool,
) -> list[tuple[Rect, Sequence[str], Way]]:
    """Where it covers neither a box nor what another arrow says."""
    placed: list[tuple[Rect, Sequence[str], Way]] = []
    for way, lines in texts.items():
        width, height = max(map(len, lines)) * SMALL_LETTER, len(lines) * LINE
        points = [_at(curve, share) for curve in curves[way] for share in WHERE]
        rects = [Rect(x - width / 2, y - height / 2, width, height) for x, y in points]
        if not down:  # best right before the box that it leads to
            rects = [Rect(x - width - 8, y - height / 2, width, height) for *_, (x, y) in curves[way]] + rects
        best = min(rects, key=lambda rect: sum(rect.overlap(each) for each in taken))
        taken.append(best)
        placed.append((best, lines, way))
    return placed


def _at(curve: Curve, share: float) -> Point:
    rest = 1 - share
    weights = (rest**3, 3 * rest**2 * share, 3 * rest * share**2, share**3)
    return (
        sum(weight * point[0] for weight, point in zip(weights, curve, strict=True)),
        sum(weight * point[1] for weight, point in zip(weights, curve, strict=True)),
    )
