"""Storing a day's aggregates: announce its orders, open them where other days closed them, replace the file."""

from collections.abc import Callable
from pathlib import Path

import duckdb

from contexts.analytics import aggregates, zones
from contexts.analytics.database import literal, load_curated, load_parquet
from contexts.analytics.ports import Lake, LakeUnavailable

WRITE = "COPY ({what}) TO {file} (FORMAT parquet, COMPRESSION zstd)"
ANNOUNCED = "SELECT key FROM read_parquet($files, hive_partitioning = false)"


def missing(lake: Lake) -> list[str]:
    """Return the days of the curated zone that lack aggregates or announced orders.

    A lake that an earlier version has compacted has such days.
    """
    days = {zone: {zones.date_of(name) for name in zones.ours(lake.names(zone))} for zone in KEPT}
    return sorted(days[zones.CURATED] - (days[zones.AGGREGATES] & days[zones.ORDERS]))


KEPT = (zones.CURATED, zones.AGGREGATES, zones.ORDERS)


def version(lake: Lake, day: str) -> str | None:
    """Return the version of a day's aggregates.

    Ask for it before reading the day's events, so that aggregates that another run stores in between are not
    overwritten (optimistic locking).
    """
    return lake.version(zones.aggregates_object(day))


def keep(
    lake: Lake, duck: duckdb.DuckDBPyConnection, day: str, folder: Path, *,
    events: str, expected: str | None, first: Callable[[], None] = lambda: None, alone: bool = False,
) -> None:  # fmt: skip
    """Store the aggregates of this table of events, which has all of its day.

    `first` is called just before they are stored. Orders that other days have closed are opened there, unless `alone`
    is set. Raises Conflict if another run has stored the day meanwhile, UnreadableObjects, LakeUnavailable.
    """
    file = _written(lake, duck, day, folder, events)
    for other in () if alone else sorted(_to_be_opened(lake, duck, folder)):
        renew(lake, duck, other, folder, alone=True)
    first()
    lake.replace(zones.aggregates_object(day), file, expected=expected)


def renew(lake: Lake, duck: duckdb.DuckDBPyConnection, day: str, folder: Path, *, alone: bool = False) -> None:
    """Make a day's aggregates anew from its curated events, and store them. `alone` is as in `keep`."""
    expected, name = version(lake, day), zones.curated_object(day)
    found = lake.fetch([name], folder)
    if not found:
        raise LakeUnavailable(f"{name}: is missing, although there are aggregates of its day")
    load_curated(duck, "renewed", found)
    keep(lake, duck, day, folder, events="renewed", expected=expected, alone=alone)
    duck.execute("DROP TABLE IF EXISTS renewed")  # a day that was opened meanwhile has taken it along


def _written(lake: Lake, duck: duckdb.DuckDBPyConnection, day: str, folder: Path, events: str) -> Path:
    aggregates.split(duck, events)
    _announce(lake, duck, day, folder)
    others = aggregates.near(zones.ours(lake.names(zones.ORDERS)), {day})
    aggregates.find_known(duck, lake.fetch(others, folder))
    file = folder / f"aggregates-{day}.parquet"
    duck.execute(WRITE.format(what=aggregates.aggregate(duck), file=literal(str(file))))
    return file


def _announce(lake: Lake, duck: duckdb.DuckDBPyConnection, day: str, folder: Path) -> None:
    """Add the day's orders to its announcements; earlier ones stay."""
    name = zones.orders_object(day)
    expected = lake.version(name)
    there = lake.fetch([name], folder) if expected is not None else []
    load_parquet(duck, "announced", ANNOUNCED, there, empty="SELECT NULL::UBIGINT AS key WHERE false")
    keys = "SELECT key FROM day_parts WHERE key IS NOT NULL"
    (new,) = duck.execute(f"SELECT count(*) FROM ({keys}) ANTI JOIN announced USING (key)").fetchall()[0]  # noqa: S608
    if new or expected is None:
        file = folder / f"orders-{day}.parquet"
        what = f"FROM announced UNION {keys} ORDER BY key"
        duck.execute(WRITE.format(what=what, file=literal(str(file))))
        lake.replace(name, file, expected=expected)


def _to_be_opened(lake: Lake, duck: duckdb.DuckDBPyConnection, folder: Path) -> set[str]:
    days = aggregates.days_known(duck)
    files = lake.fetch([zones.aggregates_object(day) for day in sorted(days)], folder)
    return aggregates.days_that_closed(duck, files)
