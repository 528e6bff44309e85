"""Keeping a day's aggregates in the lake: announced, looked up, and replaced as a whole."""

from collections.abc import Callable
from pathlib import Path

import duckdb

from contexts.analytics import aggregates, zones
from contexts.analytics.database import literal, load_curated, load_parquet
from contexts.analytics.ports import Lake, LakeUnavailable

WRITE = "COPY ({what}) TO {file} (FORMAT parquet, COMPRESSION zstd)"
ANNOUNCED = "SELECT key FROM read_parquet($files, hive_partitioning = false)"


def missing(lake: Lake) -> list[str]:
    """Days of the curated zone without aggregates or announced orders: as in a lake from before there were any."""
    days = {zone: {zones.date_of(name) for name in zones.ours(lake.names(zone))} for zone in KEPT}
    return sorted(days[zones.CURATED] - (days[zones.AGGREGATES] & days[zones.ORDERS]))


KEPT = (zones.CURATED, zones.AGGREGATES, zones.ORDERS)


def version(lake: Lake, day: str) -> str | None:
    """To be asked for before the day's events are: what is kept in between by somebody else is not overwritten."""
    return lake.version(zones.aggregates_object(day))


def keep(
    lake: Lake, duck: duckdb.DuckDBPyConnection, day: str, folder: Path, *,
    events: str, expected: str | None, first: Callable[[], None] = lambda: None, alone: bool = False,
) -> None:  # fmt: skip
    """Keep what this table of events is, all of its day; just before that, do what comes first.

    Unless it is kept `alone`, the orders that other days have closed are opened there. Raises Conflict when somebody
    else has kept it, UnreadableObjects, LakeUnavailable.
    """
    file = _written(lake, duck, day, folder, events)
    for other in () if alone else sorted(_to_be_opened(lake, duck, folder)):
        renew(lake, duck, other, folder, alone=True)
    first()
    lake.replace(zones.aggregates_object(day), file, expected=expected)


def renew(lake: Lake, duck: duckdb.DuckDBPyConnection, day: str, folder: Path, *, alone: bool = False) -> None:
    """Make a day's aggregates anew of its curated events, and keep them; `alone` as there."""
    expected, name = version(lake, day), zones.curated_object(day)
    found = lake.fetch([name], folder)
    if not found:
        raise LakeUnavailable(f"{name}: there are aggregates of it, and it is gone")
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
    """Say which orders the day has; those that it has said already stay said."""
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
