"""From the raw zone to the curated one: a file per day, every event once. Done by DuckDB, on files of this machine.

A day is committed by replacing its file as a whole, and only then its markers go. So whatever is interrupted leaves a
lake in which nothing is missing and nothing is there twice; the next run finds the markers that are left and does those
days again, to the same result. Of two runs at the same time the slower one notices, and leaves the day to the next.
"""

import tempfile
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import duckdb

from contexts.analytics import columns, zones
from contexts.analytics.database import database, load_curated, load_raw
from contexts.analytics.zones import Conflict, Lake

# A day that a newer version of the ingesting function writes again (a replay) knows more than the one before: of two
# lines of an event the new one is taken, and of two new ones the one that says more.
MERGE = f"""
CREATE OR REPLACE TEMP TABLE merged AS
SELECT {columns.NAMES}
FROM (SELECT *, 0 AS age FROM arrived UNION ALL SELECT *, 1 AS age FROM present)
QUALIFY row_number() OVER (
    PARTITION BY event_id ORDER BY age, amount NULLS LAST, pieces NULLS LAST, reason NULLS LAST
) = 1
"""  # noqa: S608 - names of our own columns
CHANGES = "SELECT count(*) FROM (FROM merged EXCEPT ALL FROM present)"
COUNTS = "SELECT (SELECT count(*) FROM merged), (SELECT count(*) FROM present)"
WRITE = "COPY (FROM merged ORDER BY occurred_at, event_id) TO '{file}' (FORMAT parquet, COMPRESSION zstd)"


@dataclass
class Compacted:
    """What a run did. `left` are days that it did not get to, or that somebody else did at the same time."""

    days: int = 0
    objects: int = 0
    events_added: int = 0
    left: int = 0


def compact(lake: Lake, *, go_on: Callable[[], bool] = lambda: True) -> Compacted:
    """Bring every raw object that is new into the curated zone, oldest day first, as long as `go_on` says so."""
    done = Compacted()
    days: dict[str, list[str]] = defaultdict(list)
    for marker in lake.names(zones.NEW):
        days[zones.date_of(marker)].append(marker)
    with database() as duck:
        for day in sorted(days):
            if not go_on():
                done.left += 1
                continue
            with tempfile.TemporaryDirectory(prefix="compaction-") as folder:
                try:
                    done.events_added += _compact_day(lake, duck, day, days[day], Path(folder))
                except Conflict:
                    done.left += 1
                    continue
            done.days += 1
            done.objects += len(days[day])
    return done


def mark_everything(lake: Lake) -> int:
    """Have the next run read the whole raw zone again: after the curated zone was lost, or gained a column."""
    names = lake.names(zones.RAW)
    for name in names:
        lake.put(zones.marker(name), b"")
    return len(names)


def _compact_day(lake: Lake, duck: duckdb.DuckDBPyConnection, day: str, markers: list[str], folder: Path) -> int:
    """The number of events that the day has gained."""
    name = zones.curated_object(day)
    # The version first: if the file is replaced before it is fetched, the replacement below is refused.
    version = lake.version(name)
    load_raw(duck, "arrived", lake.fetch([zones.marked(marker) for marker in markers], folder))
    load_curated(duck, "present", lake.fetch([name], folder) if version is not None else ())
    duck.execute(MERGE)
    if _number(duck, CHANGES):
        file = folder / "merged.parquet"
        duck.execute(WRITE.format(file=str(file).replace("'", "''")))
        lake.replace(name, file, expected=version)
    lake.delete(markers)
    after, before = duck.execute(COUNTS).fetchall()[0]
    return int(after) - int(before)


def _number(duck: duckdb.DuckDBPyConnection, query: str) -> int:
    return int(duck.execute(query).fetchall()[0][0])
