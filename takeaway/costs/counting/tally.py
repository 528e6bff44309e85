"""What was counted, as it comes out of the counting process."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Self, TypeVar

from pydantic import BaseModel

from takeaway.costs.units import Units
from takeaway.wiring import Wiring

T = TypeVar("T", Decimal, Units)


class Tally(BaseModel):
    """`units` by the context that pays for them; names of functions, tables and queues are without the stage.

    `writes` are write request units by table and by table/index, `stored` the bytes that are kept in a table or bucket.
    """

    units: dict[str, Units] = {}
    functions: dict[str, Decimal] = {}
    calls: dict[str, Decimal] = {}
    writes: dict[str, Decimal] = {}
    stored: dict[str, Decimal] = {}
    messages: dict[str, Decimal] = {}
    metrics: frozenset[str] = frozenset()

    def add_units(self, context: str, units: Units) -> None:
        self.units[context] = self.units.get(context, Units()) + units

    @property
    def total(self) -> Units:
        return sum(self.units.values(), Units())

    def __add__(self, other: Self) -> Self:
        return type(self)(
            units=_merged(self.units, other.units, Units()),
            functions=_merged(self.functions, other.functions, Decimal(0)),
            calls=_merged(self.calls, other.calls, Decimal(0)),
            writes=_merged(self.writes, other.writes, Decimal(0)),
            stored=_merged(self.stored, other.stored, Decimal(0)),
            messages=_merged(self.messages, other.messages, Decimal(0)),
            metrics=self.metrics | other.metrics,
        )

    def __mul__(self, times: Decimal | int) -> Self:
        def scaled(counted: Mapping[str, Decimal]) -> dict[str, Decimal]:
            return _each(counted, lambda count: count * times)

        return type(self)(
            units=_each(self.units, lambda units: units * times),
            functions=scaled(self.functions),
            calls=scaled(self.calls),
            writes=scaled(self.writes),
            stored=scaled(self.stored),
            messages=scaled(self.messages),
            metrics=self.metrics,
        )


class Walked(BaseModel):
    """One order that went one way: the states that its workflow entered, and all that was counted on the way."""

    states: list[str] = []
    tally: Tally


class Batches(BaseModel):
    """A consumer that waits for more messages before it is called: what a call costs, by the size of its batch."""

    queue: str
    largest: int
    window_seconds: int
    calls: dict[int, Tally]


class Counted(BaseModel):
    """A system. `reads` are calls of people who only look, `lifetimes` the days for which a table keeps an item."""

    wiring: Wiring
    ways: dict[str, Walked]
    reads: dict[str, Tally]
    batches: list[Batches]
    lifetimes: dict[str, Decimal]


def _merged(some: Mapping[str, T], more: Mapping[str, T], nothing: T) -> dict[str, T]:
    return {name: some.get(name, nothing) + more.get(name, nothing) for name in {**some, **more}}


def _each(counted: Mapping[str, T], change: Callable[[T], T]) -> dict[str, T]:
    return {name: change(count) for name, count in counted.items()}
