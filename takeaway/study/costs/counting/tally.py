"""What was counted, as it comes out of the counting process."""

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, Any, Self

from pydantic import BaseModel, Field

from takeaway.study.costs.units import Units
from takeaway.wiring import Wiring

Amounts = defaultdict[str, Annotated[Decimal, Field(default_factory=Decimal)]]
NOTHING: Amounts = defaultdict(Decimal)


class Tally(BaseModel):
    """`units` by the context that pays for them; names of functions, tables and queues are without the stage.

    `writes` are write request units by table and by table/index, `stored` the bytes that are kept in a table or bucket.
    """

    units: defaultdict[str, Annotated[Units, Field(default_factory=Units)]] = defaultdict(Units)
    functions: Amounts = NOTHING
    calls: Amounts = NOTHING
    writes: Amounts = NOTHING
    stored: Amounts = NOTHING
    messages: Amounts = NOTHING
    metrics: frozenset[str] = frozenset()

    @property
    def total(self) -> Units:
        return sum(self.units.values(), Units())

    def __add__(self, other: Self) -> Self:
        summed = {name: _sum(counts, getattr(other, name)) for name, counts in self._counts()}
        return self.model_validate({**summed, "metrics": self.metrics | other.metrics})

    def __mul__(self, times: Decimal | int) -> Self:
        scaled = {name: {of: count * times for of, count in counts.items()} for name, counts in self._counts()}
        return self.model_validate({**scaled, "metrics": self.metrics})

    def _counts(self) -> Iterator[tuple[str, Any]]:
        """Its fields that say of several how much there is of each."""
        return ((name, value) for name, value in self if isinstance(value, dict))


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


def _sum(some: dict[str, Any], more: dict[str, Any]) -> dict[str, Any]:
    summed = some.copy()
    for of, count in more.items():
        summed[of] += count
    return summed
