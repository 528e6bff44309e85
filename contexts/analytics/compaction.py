"""Compaction: from the raw zone to the curated one, a file per day with every event once.

DuckDB does it, on files that are fetched to this machine. A day is committed in three steps: its file is replaced as a
whole, then its aggregates, and only then its markers are deleted; a report does not use the aggregates of a day that
has markers. So an interruption leaves a lake in which nothing is missing and nothing is there twice: the next run finds
the markers that are left and does those days again, to the same result. Of two runs at the same time the slower one
notices (optimistic locking), and leaves the day to the next.

A day with an object that can't be read is left as it is and reported; other days go on.
"""

import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

import duckdb

from contexts.analytics import columns, zones
from contexts.analytics.aggregates import keeping
from contexts.analytics.database import UnreadableObjects, database, literal, load_curated, load_raw
from contexts.analytics.ports import Conflict, Lake, LakeUnavailable

# Of two lines of an event the new one is taken, because a replay to a newer version of the ingesting function may add
# fields; of two new ones the one that has more. Only lines of events that have arrived are compared, because a day that
# is nearly complete gets a few more every hour.
MERGE = f"""
CREATE OR REPLACE TEMP TABLE newest AS
SELECT DISTINCT ON (event_id) {columns.NAMES} FROM arrived
ORDER BY event_id, amount NULLS LAST, pieces NULLS LAST, reason NULLS LAST;
CREATE OR REPLACE TEMP TABLE merged AS FROM newest UNION ALL FROM present ANTI JOIN newest USING (event_id)
"""  # noqa: S608 - names of our own columns
CHANGES = "SELECT count(*) FROM (FROM newest EXCEPT ALL FROM present SEMI JOIN newest USING (event_id))"
COUNTS = "SELECT (SELECT count(*) FROM merged), (SELECT count(*) FROM present)"
WRITE = "COPY (FROM merged ORDER BY occurred_at, event_id) TO {file} (FORMAT parquet, COMPRESSION zstd)"


@dataclass
class Compacted:
    """The outcome of one run of `compact`.

    `left` counts days that this run did not bring in: time was up, another run took them, or an object in them can't be
    read; `unreadable` has a sentence for each such object. `aggregated` counts days that were in the curated zone
    already and only lacked their aggregates.
    """

    days: int = 0
    objects: int = 0
    events_added: int = 0
    aggregated: int = 0
    left: int = 0
    unreadable: list[str] = field(default_factory=list)


def compact(
    lake: Lake, *, go_on: Callable[[], bool] = lambda: True, threads: int | None = None, memory: str | None = None
) -> Compacted:
    """Bring every new raw object into the curated zone, oldest day first, as long as `go_on` returns true.

    Then makes the aggregates of days that have none. `threads` and `memory` (such as "2GB") limit DuckDB.
    """
    done = Compacted()
    days: dict[str, list[str]] = defaultdict(list)
    for marker in zones.ours(lake.names(zones.NEW)):
        days[zones.date_of(marker)].append(marker)
    with database(threads=threads, memory=memory) as duck:
        for day in sorted(days):
            with _each(done, day, go_on) as folder:
                if folder is not None:
                    done.events_added += _compact_day(lake, duck, day, days[day], folder)
                    done.days += 1
                    done.objects += len(days[day])
        for day in keeping.missing(lake):
            if day not in days:  # a day that was left above is reported already
                with _each(done, day, go_on) as folder:
                    if folder is not None:
                        keeping.renew(lake, duck, day, folder)
                        done.aggregated += 1
    return done


@contextmanager
def _each(done: Compacted, day: str, go_on: Callable[[], bool]) -> Iterator[Path | None]:
    """Provide a folder for a day's work, or None if time is up. An error in it leaves this day alone undone."""
    if not go_on():
        done.left += 1
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="compaction-") as folder:
        try:
            yield Path(folder)
        except Conflict:
            done.left += 1
        except (UnreadableObjects, LakeUnavailable, duckdb.Error) as why:
            done.left += 1
            done.unreadable += _told(day, why)


def mark_everything(lake: Lake) -> int:
    """Mark every raw object as new, so that the next run reads the whole raw zone again.

    Needed after the curated zone was lost, or gained a column. Returns the number of objects.
    """
    names = zones.ours(lake.names(zones.RAW))
    again = uuid4().hex  # markers of a new name, so that a run that is under way does not delete them unread
    for name in names:
        lake.put(zones.marker(name, again=again), b"")
    return len(names)


def _compact_day(lake: Lake, duck: duckdb.DuckDBPyConnection, day: str, markers: list[str], folder: Path) -> int:
    """Compact one day. Returns the number of events that it has gained."""
    name = zones.curated_object(day)
    # The version first: if the file is replaced before it is fetched, the replacement below is refused.
    version, kept = lake.version(name), keeping.version(lake, day)
    load_raw(duck, "arrived", lake.fetch([zones.marked(marker) for marker in markers], folder))
    load_curated(duck, "present", lake.fetch([name], folder) if version is not None else ())
    duck.execute(MERGE)
    after, before = duck.execute(COUNTS).fetchall()[0]
    changes = _number(duck, CHANGES) if before else after
    for table in ("arrived", "newest", "present"):  # a large day is as large in each of them
        duck.execute(f"DROP TABLE {table}")

    def replace() -> None:
        if changes:
            file = folder / "merged.parquet"
            duck.execute(WRITE.format(file=literal(str(file))))
            lake.replace(name, file, expected=version)
        elif lake.version(name) != version:
            raise Conflict(name)

    keeping.keep(lake, duck, day, folder, events="merged", expected=kept, first=replace)
    lake.delete(markers)
    return int(after) - int(before)


def _told(day: str, why: Exception) -> tuple[str, ...]:
    if isinstance(why, UnreadableObjects):
        return tuple(why.files.values())
    # DuckDB's message may quote data, so only its kind is told.
    return (f"{day}: {type(why).__name__ if isinstance(why, duckdb.Error) else why}",)


def _number(duck: duckdb.DuckDBPyConnection, query: str) -> int:
    return int(duck.execute(query).fetchall()[0][0])
