"""Builds the report on a lake: from the aggregates of finished days, and the events of the others."""

import tempfile
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from contexts.analytics import aggregates, columns, zones
from contexts.analytics.database import UnreadableObjects, database, unreadable
from contexts.analytics.folder_lake import NotPossible
from contexts.analytics.ports import Lake
from contexts.analytics.report.figures import figures_of, load
from contexts.analytics.report.model import Report

TRIES = 3  # attempts, because a compaction may come in between: it runs once an hour, and not for long
NOT_COMPACTED = "new/: what is not compacted yet, more than {most:,} objects; compaction brings it in, every hour"


class UnknownTimezone(NotPossible):
    """DuckDB does not know a timezone of this name."""


@dataclass
class Sources:
    """The files that a report is made of: for each day either its aggregates, or all its events.

    `arrived` has events that are not compacted yet. If they are more than `most_new` objects they are all left out:
    then each day counts as it was compacted.
    """

    lake: Lake
    folder: Path
    most_new: int | None = None
    arrived: list[Path] = field(default_factory=list)
    curated: list[Path] = field(default_factory=list)
    kept: list[Path] = field(default_factory=list)
    announced: list[Path] = field(default_factory=list)
    whole: set[str] = field(default_factory=set)
    without: dict[Path, str] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)

    def find(self) -> None:
        # Markers first: objects that are compacted in between are then found in both zones, and counted once. In the
        # other order they would be found in neither.
        markers = self.lake.names(zones.NEW, most=None if self.most_new is None else self.most_new + 1)
        if self.most_new is not None and len(markers) > self.most_new:
            self.left_out, markers = [NOT_COMPACTED.format(most=self.most_new)], []
        # A dict removes duplicates, because an object may have two markers.
        marked = dict.fromkeys(zones.marked(marker) for marker in zones.ours(markers))
        self.arrived = self.lake.fetch(marked, self.folder)
        days = {
            zone: {zones.date_of(name): name for name in zones.ours(self.lake.names(zone))}
            for zone in (zones.AGGREGATES, zones.ORDERS, zones.CURATED)
        }
        kept = days[zones.AGGREGATES].keys() & days[zones.ORDERS].keys()
        unfinished = {zones.date_of(name) for name in marked}
        self.kept = self.lake.fetch([zones.aggregates_object(day) for day in sorted(kept - unfinished)], self.folder)
        self.read_whole((unfinished | days[zones.CURATED].keys()) - {aggregates.day_of(file) for file in self.kept})
        near = aggregates.near([zones.orders_object(day) for day in sorted(kept)], self.whole)
        self.announced = self.lake.fetch(near, self.folder)

    def read_whole(self, days: set[str]) -> None:
        """Read the events of these days instead of their aggregates."""
        self.whole |= days
        self.curated += self.lake.fetch([zones.curated_object(day) for day in sorted(days)], self.folder)
        self.kept = [file for file in self.kept if aggregates.day_of(file) not in days]
        self.announced = [file for file in self.announced if aggregates.day_of(file) not in days]

    def do_without(self, found: dict[Path, str]) -> None:
        self.without |= found
        made_of_others = {aggregates.day_of(file) for file in found if file in self.kept or file in self.announced}
        self.arrived = [file for file in self.arrived if file not in found]
        self.curated = [file for file in self.curated if file not in found]
        self.read_whole(made_of_others)

    def told(self) -> list[str]:
        return [*self.left_out, *self.without.values()]

    def unreadable(self) -> dict[Path, str]:
        """Return the unreadable files among those that are read only while the figures are computed."""
        with database() as duck:
            return unreadable(duck, columns.ROWS, self.curated) | unreadable(duck, aggregates.STORED, self.kept)


def build_report(
    lake: Lake,
    *,
    timezone: str = "UTC",
    threads: int | None = None,
    memory: str | None = None,
    most_new: int | None = None,
) -> Report:
    """Report on everything that is in the lake now, and name the objects that can't be read.

    Objects that are not compacted yet have to be read one by one: more than `most_new` of them are left out, and the
    report says so. `timezone` is a name such as Europe/Rome. Raises LakeUnavailable, UnknownTimezone, UnusablePath.
    """
    with database() as duck:
        _check(timezone, duck)
    for _ in range(TRIES):
        days = lake.versions(zones.AGGREGATES)
        made = _report(lake, timezone, threads, memory, most_new)
        if lake.versions(zones.AGGREGATES) == days:
            break  # otherwise days of different moments were read, and an order opened in between is counted twice
    return made


def _report(lake: Lake, timezone: str, threads: int | None, memory: str | None, most_new: int | None) -> Report:
    with tempfile.TemporaryDirectory(prefix="report-") as folder:
        sources = Sources(lake, Path(folder), most_new)
        sources.find()
        while sources.arrived or sources.curated or sources.kept:
            try:
                with database(threads=threads, memory=memory) as duck:
                    made = _made(duck, sources, timezone)
            except UnreadableObjects as these:
                found = these.files
            except duckdb.Error:
                if not (found := sources.unreadable()):
                    raise
            else:
                return made.model_copy(update={"unreadable": sources.told()})
            sources.do_without(found)
        return Report(timezone=timezone, unreadable=sources.told())


def _made(duck: duckdb.DuckDBPyConnection, sources: Sources, timezone: str) -> Report:
    """Compute the figures.

    Days that have closed an order are read whole if an unfinished day has events of that order.
    """
    load(duck, sources.curated, sources.arrived)
    aggregates.find_known(duck, sources.announced)
    days = aggregates.days_known(duck)
    closed = aggregates.days_that_closed(duck, [file for file in sources.kept if aggregates.day_of(file) in days])
    if closed:
        sources.read_whole(closed)
        load(duck, sources.curated, sources.arrived)
    return figures_of(duck, sources.kept, timezone)


def _check(timezone: str, duck: duckdb.DuckDBPyConnection) -> None:
    """Raise UnknownTimezone if DuckDB does not know the timezone, by asking DuckDB itself."""
    with suppress(duckdb.Error):
        duck.execute("SELECT timezone($zone, timezone('UTC', TIMESTAMP '2026-01-01'))", {"zone": timezone})
        return
    raise UnknownTimezone(f"There is no timezone {timezone!r}: give one such as Europe/Rome.")
