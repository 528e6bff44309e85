"""Tell one order in two columns while it happens."""

import time
from collections.abc import Sequence
from datetime import UTC, datetime

from takeaway.facts import facts_of
from takeaway.run.client.journey import Traces, timeline
from takeaway.run.client.system import System
from takeaway.run.demo.examples import Example
from takeaway.run.demo.play import Play
from takeaway.run.demo.rows import WORKFLOW, Reaction, Row, is_step, rows_of, settled
from takeaway.run.demo.scene import Scene
from takeaway.waiting import What, waiting_for

HOPELESS_SECONDS = 15.0  # give up after so long without news, once the workflow has ended
POLL_SECONDS = 0.7  # a look makes some twenty calls to the engine


class Columns:
    """Tells the order of `example`, from the step `begin_with` on; late news about a row come as a row of their own."""

    def __init__(self, scene: Scene, system: System, play: Play, example: Example, *, begin_with: str = "") -> None:
        self._scene, self._system, self._play, self._example = scene, system, play, example
        self._begin_with = begin_with
        publishers = facts_of("orders").publishers
        self._publishes = {each.state: each.event_type for each in publishers if each.state and each.records}
        self._told: set[tuple[datetime, str]] = set()
        self._reactions: set[Reaction] = set()
        self.traces = Traces()
        self._ended, self._news = False, (0, time.monotonic())
        scene.headings()

    def tell(self, *until: str, seconds: float, what: What, wholly: bool = True) -> Sequence[str]:
        """Tell rows until the journey has a moment that begins with each of these, as `takeaway journey --until` does.

        Returns those that have not come when time is up, or that will not come any more. `wholly` also waits until all
        moments are told. `what` is shown as what is waited for.
        """
        deadline = time.monotonic() + seconds
        with waiting_for(what, limit=None):
            while True:
                missing, is_all_told = self._look(until)
                if not missing and (is_all_told or not wholly):
                    return []
                hopeless = self._ended and time.monotonic() > self._news[1] + HOPELESS_SECONDS
                if hopeless or time.monotonic() > deadline or self._play.failures:
                    return missing
                time.sleep(POLL_SECONDS)

    def _look(self, until: Sequence[str]) -> tuple[list[str], bool]:
        """Read and tell what is new; returns the moments that are missing, and True if all known rows are told."""
        if not (order_id := self._play.id_of(self._example)):
            return [*until], False
        self.traces = self._system.traces(order_id)
        moments = timeline(self.traces)
        self._ended = any(each.actor == WORKFLOW and not is_step(each.what) for each in moments)
        if len(moments) != self._news[0]:
            self._news = (len(moments), time.monotonic())
        rows = self._from_the_beginning(rows_of(moments, self._acts()))
        for row in settled(rows, datetime.now(UTC), self._publishes):
            self._tell(row)
        there = [moment.what for moment in moments]
        missing = [each for each in until if not any(what.startswith(each) for what in there)]
        return missing, all(self._is_told(row) for row in rows)

    def _acts(self) -> Sequence[Reaction]:
        """The acts of people about the order, except the first, which places it."""
        return [Reaction(act.at, act.who, act.what) for act in self._play.acts_about(self._example)[1:]]

    def _from_the_beginning(self, rows: Sequence[Row]) -> Sequence[Row]:
        if not self._begin_with:
            return rows
        first = next((number for number, row in enumerate(rows) if row.inside == self._begin_with), len(rows))
        return rows[first:]

    def _tell(self, row: Row) -> None:
        if (row.at, row.inside) not in self._told:
            self._told.add((row.at, row.inside))
            self._scene.row(row)
        elif late := [each for each in row.outside if each not in self._reactions]:
            self._scene.late(late)
        self._reactions.update(row.outside)

    def _is_told(self, row: Row) -> bool:
        return (row.at, row.inside) in self._told and self._reactions.issuperset(row.outside)
