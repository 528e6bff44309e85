"""The data of the counting: the tally, the meter that fills it, and the results."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal

from takeaway.study.costs.units import Units

DELIVERY = "EventBridge:delivery"  # one for each target of a matching rule


def _amounts() -> defaultdict[str, Decimal]:
    return defaultdict(Decimal)


@dataclass(frozen=True)
class Tally:
    """Counts. `units` are by the context that pays; names of functions, tables and queues are without the stage.

    `writes` are write request units by table and by table/index, `stored` are bytes by table or bucket, and `metrics`
    counts the values of each metric.
    """

    units: defaultdict[str, Units] = field(default_factory=lambda: defaultdict(Units))
    functions: defaultdict[str, Decimal] = field(default_factory=_amounts)
    calls: defaultdict[str, Decimal] = field(default_factory=_amounts)
    writes: defaultdict[str, Decimal] = field(default_factory=_amounts)
    stored: defaultdict[str, Decimal] = field(default_factory=_amounts)
    messages: defaultdict[str, Decimal] = field(default_factory=_amounts)
    metrics: defaultdict[str, Decimal] = field(default_factory=_amounts)

    @property
    def total(self) -> Units:
        return sum(self.units.values(), Units())

    def __add__(self, other: "Tally") -> "Tally":
        summed = self * 1
        for name, counts in vars(other).items():
            for of, count in counts.items():
                vars(summed)[name][of] += count
        return summed

    def __mul__(self, times: Decimal | int) -> "Tally":
        scaled = Tally()
        for name, counts in vars(self).items():
            vars(scaled)[name].update({of: count * times for of, count in counts.items()})
        return scaled


@dataclass
class Meter:
    """Counts into `tally`, at the expense of the context `payer`."""

    tally: Tally = field(default_factory=Tally)
    payer: str = ""

    def add(self, **units: Decimal | int) -> None:
        self.tally.units[self.payer] += Units.model_validate(units)

    @contextmanager
    def counting(self) -> Iterator[Tally]:
        """Count the block in a tally of its own."""
        outer, self.tally = self.tally, Tally()
        try:
            yield self.tally
        finally:
            self.tally = outer

    @contextmanager
    def paid_by(self, context: str) -> Iterator[None]:
        outer, self.payer = self.payer, context
        try:
            yield
        finally:
            self.payer = outer


@dataclass(frozen=True)
class Walked:
    """An order that went one way: the states that its workflow entered, and its counts."""

    states: list[str]
    tally: Tally


@dataclass(frozen=True)
class Batches:
    """A consumer with a batching window: the counts of a call, by batch size."""

    queue: str
    window_seconds: int
    largest: int
    calls: Mapping[int, Tally]


@dataclass(frozen=True)
class Counted:
    """All counts of a system. `reads` are people's read calls; `lifetimes` the days for which a table keeps items."""

    ways: Mapping[str, Walked]
    reads: Mapping[str, Tally]
    batches: list[Batches]
    lifetimes: Mapping[str, Decimal]
