"""The report on a lake: whatever in it can be read, in the days and hours of a timezone that the engine knows."""

import tempfile
from contextlib import suppress
from pathlib import Path

import duckdb

from contexts.analytics import zones
from contexts.analytics.database import UnreadableObjects, database, unreadable_curated
from contexts.analytics.folder_lake import NotPossible
from contexts.analytics.ports import Lake
from contexts.analytics.report.figures import figures_of
from contexts.analytics.report.model import Report


class UnknownTimezone(NotPossible):
    """Not a name that the engine of the report knows."""


def build_report(lake: Lake, *, timezone: str = "UTC", threads: int | None = None, memory: str | None = None) -> Report:
    """Report on everything that is in the lake now, and tell what of it can't be read.

    Raises LakeUnavailable, UnknownTimezone, UnusablePath.
    """
    with database() as duck:
        _check(timezone, duck)
    with tempfile.TemporaryDirectory(prefix="report-") as folder:
        # In this order: what is compacted in between is then in both, and counted once; the other way it were in none.
        # An object may have two markers.
        marked = dict.fromkeys(zones.marked(marker) for marker in zones.ours(lake.names(zones.NEW)))
        arrived = lake.fetch(marked, Path(folder))
        curated = lake.fetch(zones.ours(lake.names(zones.CURATED)), Path(folder))
        without: dict[Path, str] = {}
        while arrived or curated:
            try:
                with database(threads=threads, memory=memory) as duck:
                    made = figures_of(duck, curated, arrived, timezone)
            except UnreadableObjects as these:
                found = these.files
            except duckdb.Error:  # files of the curated zone are read when the figures are asked for
                with database() as duck:
                    found = unreadable_curated(duck, curated)
                if not found:
                    raise
            else:
                return made.model_copy(update={"unreadable": list(without.values())})
            without |= found
            arrived = [file for file in arrived if file not in found]
            curated = [file for file in curated if file not in found]
        return Report(timezone=timezone, unreadable=list(without.values()))


def _check(timezone: str, duck: duckdb.DuckDBPyConnection) -> None:
    """By asking who will have to know it."""
    with suppress(duckdb.Error):
        duck.execute("SELECT timezone($zone, timezone('UTC', TIMESTAMP '2026-01-01'))", {"zone": timezone})
        return
    raise UnknownTimezone(f"There is no timezone {timezone!r}: give one such as Europe/Rome.")
