"""The objects and helpers that every act uses."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from takeaway.run.client.readers import Entry
from takeaway.run.client.system import System
from takeaway.run.demo.cast import Cast
from takeaway.run.demo.columns import Columns
from takeaway.run.demo.examples import Example
from takeaway.run.demo.play import Play
from takeaway.run.demo.scene import Scene


@dataclass(frozen=True)
class Staged:
    """Everything that an act needs. `timeout` is the restaurant's, `patience` the longest wait; both in seconds."""

    scene: Scene
    system: System
    play: Play
    cast: Cast
    timeout: int
    patience: float

    def columns(self, example: Example, *, begin_with: str = "") -> Columns:
        return Columns(self.scene, self.system, self.play, example, begin_with=begin_with)


def ordering(example: Example) -> str:
    return f"{example.customer} orders {example.dishes} from {example.restaurant}, {example.total}."


def not_seen(act: str, missing: Sequence[str], seconds: float) -> list[str]:
    return [f"{act}: {each!r} was not seen within {seconds:.0f} seconds" for each in missing]


def deadline_of(entries: Iterable[Entry]) -> datetime | None:
    """Return the deadline for the restaurant's answer; None if it was not asked yet."""
    for entry in entries:
        if seconds := entry.content.get("respond_within_seconds"):
            return entry.at + timedelta(seconds=float(seconds))
    return None
