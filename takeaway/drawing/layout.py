"""Where the boxes of a graph stand, and which way its arrows go around them: layer after layer. Pure."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from takeaway.drawing.graph import Arrow, Box

LETTER, PADDING, HEIGHT = 6.9, 18, 26
BETWEEN, THIN = 18, 14  # boxes of one layer; what an arrow needs that passes them
SWEEPS = 12
Way = tuple[str, str]


@dataclass
class Spot:
    """A box, or the place where an arrow passes a layer. `across` is within the layer, `along` from layer to layer."""

    id: str
    layer: int
    length: float = 0.0
    breadth: float = THIN
    across: float = 0.0
    along: float = 0.0


@dataclass(frozen=True)
class Layout:
    """`down`: layers are rows, else columns. A way has the spots that it passes, its ends among them."""

    down: bool
    spots: Mapping[str, Spot]
    ways: Mapping[Way, Sequence[Spot]]
    size: tuple[float, float]


@dataclass
class Layers:
    boxes: Sequence[Box]
    arrows: Sequence[Arrow]
    down: bool
    gaps: Mapping[int, float] = field(default_factory=dict)  # before which layer more room is needed than usual

    def layout(self, usual: float, margin: float) -> Layout:
        layers = _columns([box.id for box in self.boxes], self.arrows)
        spots = {id_: self._spot(id_, number) for number, layer in enumerate(layers) for id_ in layer}
        ways = _ways(spots, self.arrows)
        rows: list[list[Spot]] = [[] for _ in layers]
        for spot in spots.values():
            rows[spot.layer].append(spot)
        beside: dict[str, list[str]] = defaultdict(list)
        for passed in ways.values():
            for one, other in pairwise(passed):
                beside[one.id].append(other.id)
                beside[other.id].append(one.id)
        _order(rows, beside)
        _straighten(rows, beside, spots)
        least = min(spot.across - spot.breadth / 2 for spot in spots.values()) - margin
        along = margin
        for number, row in enumerate(rows):
            along += (self.gaps.get(number, usual) if number else 0) + max(spot.length for spot in row) / 2
            for spot in row:
                spot.across, spot.along = spot.across - least, along
            along += max(spot.length for spot in row) / 2
        across = max(spot.across + spot.breadth / 2 for spot in spots.values()) + margin
        size = (across, along + margin) if self.down else (along + margin, across)
        return Layout(self.down, {box.id: spots[box.id] for box in self.boxes}, ways, size)

    def _spot(self, id_: str, layer: int) -> Spot:
        width = next(len(box.text) for box in self.boxes if box.id == id_) * LETTER + PADDING
        length, breadth = (HEIGHT, width) if self.down else (width, HEIGHT)
        return Spot(id_, layer, length, breadth)


def _ways(spots: dict[str, Spot], arrows: Sequence[Arrow]) -> dict[Way, list[Spot]]:
    """From source to target, through every layer between them; a spot is made where a way passes one."""
    ways: dict[Way, list[Spot]] = {}
    for arrow in arrows:
        if arrow.source == arrow.target or (arrow.source, arrow.target) in ways:
            continue
        first, last = spots[arrow.source], spots[arrow.target]
        step = 1 if last.layer > first.layer else -1
        passed = [Spot(f"{first.id} > {last.id}: {number}", number)
                  for number in range(first.layer + step, last.layer, step)]  # fmt: skip
        spots |= {spot.id: spot for spot in passed}
        ways[arrow.source, arrow.target] = [first, *passed, last]
    return ways


def _columns(ids: Sequence[str], arrows: Sequence[Arrow]) -> list[list[str]]:
    """Whoever comes after somebody stands behind him, unless they stand in a circle."""
    after = defaultdict(list)
    for arrow in arrows:
        after[arrow.source].append(arrow.target)
    forward = _forward(ids, after)
    column = dict.fromkeys(ids, 0)
    for _ in ids:
        for source, target in forward:
            column[target] = max(column[target], column[source] + 1)
    for id_ in ids:  # who only begins something stands right before it
        if id_ not in {target for _, target in forward} and (nexts := [column[t] for s, t in forward if s == id_]):
            column[id_] = min(nexts) - 1
    found = defaultdict(list)
    for id_ in ids:
        found[column[id_]].append(id_)
    return [found[number] for number in sorted(found)]


def _forward(ids: Sequence[str], after: Mapping[str, list[str]]) -> list[Way]:
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


def _order(rows: list[list[Spot]], beside: Mapping[str, list[str]]) -> None:
    """Within its layer each stands where those are to whom it is connected."""
    place = {spot.id: float(at - len(row) / 2) for row in rows for at, spot in enumerate(row)}
    for _ in range(SWEEPS):
        for row in (*rows, *reversed(rows)):
            wanted = {
                spot.id: sum(place[each] for each in beside[spot.id]) / (len(beside[spot.id]) or 1) for spot in row
            }
            row.sort(key=lambda spot: wanted[spot.id])
            place |= {spot.id: float(at - len(row) / 2) for at, spot in enumerate(row)}


def _straighten(rows: list[list[Spot]], beside: Mapping[str, list[str]], spots: Mapping[str, Spot]) -> None:
    """As near to those beside it in the layers around as the order of its own layer lets it."""
    for row in rows:
        _apart(row, [0.0] * len(row))
    for _ in range(SWEEPS):
        for row in (*rows, *reversed(rows)):
            wanted = []
            for spot in row:
                near = [spots[each].across for each in beside[spot.id]]
                wanted.append(sum(near) / len(near) if near else spot.across)
            _apart(row, wanted)


def _apart(row: list[Spot], wanted: list[float]) -> None:
    """The mean of two ways to keep them apart, each of which begins at another end."""
    room = [(one.breadth + other.breadth) / 2 + BETWEEN for one, other in pairwise(row)]
    forth, back = wanted[:1], wanted[-1:]
    for want, least in zip(wanted[1:], room, strict=True):
        forth.append(max(want, forth[-1] + least))
    for want, least in zip(reversed(wanted[:-1]), reversed(room), strict=True):
        back.append(min(want, back[-1] - least))
    for spot, one, other in zip(row, forth, reversed(back), strict=True):
        spot.across = (one + other) / 2
