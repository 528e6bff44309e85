"""The aggregates of a day, so that a report adds up days instead of reading their events.

An order is closed on a day if it began and ended there and no other day has events of it: it is part of the day's
counts, sums and histograms. Every other order is open: the day keeps the parts of it that its events tell, and a report
merges the parts of all days first. So an order whose status changes on a later day counts once, with its last status.

Days know of each other by the orders zone. A day announces its orders before it reads the announcements of others, so
of two days with the same order at least one sees the other, whichever is compacted first. A closed order that turns up
on another day is opened on the first day before the other day has it. Opening changes no sum, so it may be interrupted
anywhere.
"""

from datetime import date
from pathlib import Path

import duckdb

from contexts.analytics import columns, zones
from contexts.analytics.database import load_parquet


def sql_of(file: Path) -> str:
    """Return the query in a file, without the comments before it."""
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    return "".join(lines[next(number for number, line in enumerate(lines) if not line.startswith("--")) :])


PARTS, ORDERS, FACTS = (sql_of(Path(__file__).with_name(f"{name}.sql")) for name in ("parts", "orders", "facts"))
# The most days between two days of which one has closed an order and the other has events of it. An order's deadlines
# are hours, and a failed execution can be redriven for 14 days. Open orders are merged over any distance.
DAYS_APART = 31
KEY = "md5_number_lower(order_id)"  # the same in every version of the engine
PART = "order_id, restaurant_id, step, notified, placed_at, accepted_at, completed_at, amount, currency, pieces, reason"
FACT = ", ".join(name for name, *_ in columns.AGGREGATES[:17])  # the columns after these are of open orders alone
ROWS = f"SELECT {', '.join(name for name, *_ in columns.AGGREGATES)}"
STORED = f"{ROWS} FROM read_parquet($files, hive_partitioning = false)"
EMPTY = columns.none_of(columns.AGGREGATES)
PERIOD = "min(occurred_at) AS first_at, max(occurred_at) AS last_at"
EVENTS = f"SELECT 'events' AS figure, count(*) AS number, {PERIOD} FROM events"  # noqa: S608
NONE_KNOWN = "SELECT NULL::UBIGINT AS key, NULL::VARCHAR AS day WHERE false"
DAY = "regexp_extract(filename, '.*date=([0-9]{4}-[0-9]{2}-[0-9]{2})/', 1)"
READ = "read_parquet($files, hive_partitioning = false, filename = true)"


def split(duck: duckdb.DuckDBPyConnection, events: str) -> None:
    """Make the table `day_parts` of a day's events: one row per order, with the parts that these events tell of it."""
    duck.execute(f"CREATE OR REPLACE TEMP VIEW events AS FROM {events}")
    duck.execute(f"CREATE OR REPLACE TEMP TABLE day_parts AS SELECT *, {KEY} AS key FROM ({PARTS})")  # noqa: S608


def find_known(duck: duckdb.DuckDBPyConnection, announced: list[Path]) -> None:
    """Make the table `known` of this day's orders that other days announce too, with those days.

    Raises UnreadableObjects.
    """
    select = f"SELECT DISTINCT key, {DAY} AS day FROM {READ} SEMI JOIN day_parts USING (key)"  # noqa: S608
    load_parquet(duck, "known", select, announced, empty=NONE_KNOWN)


def days_known(duck: duckdb.DuckDBPyConnection) -> set[str]:
    return {day for (day,) in duck.execute("SELECT DISTINCT day FROM known").fetchall()}


def days_that_closed(duck: duckdb.DuckDBPyConnection, aggregates: list[Path]) -> set[str]:
    """Return those of these days that have closed an order of which they are not the only day.

    Raises UnreadableObjects.
    """
    open_there = f"SELECT {KEY} AS key, {DAY} AS day FROM {READ} WHERE figure = 'open'"  # noqa: S608
    load_parquet(duck, "open_there", open_there, aggregates, empty="SELECT key, day FROM known WHERE false")
    found = duck.execute("SELECT DISTINCT day FROM known ANTI JOIN open_there USING (key, day)").fetchall()
    return {day for (day,) in found} & {day_of(file) for file in aggregates}


def aggregate(duck: duckdb.DuckDBPyConnection) -> str:
    """Return a query for the aggregates of the day that `split` has read. Needs `find_known` first."""
    closed = "step >= 3 AND placed_at IS NOT NULL AND key IS NOT NULL AND key NOT IN (SELECT key FROM known)"
    duck.execute(f"CREATE OR REPLACE TEMP TABLE day_split AS SELECT *, {closed} AS closed FROM day_parts")  # noqa: S608
    duck.execute(f"CREATE OR REPLACE TEMP VIEW parts AS SELECT {PART} FROM day_split WHERE closed")  # noqa: S608
    duck.execute(f"CREATE OR REPLACE TEMP TABLE orders AS {ORDERS}")
    return f"""
        {ROWS} FROM ({EMPTY} UNION ALL BY NAME {EVENTS} UNION ALL BY NAME SELECT * FROM ({FACTS})
            UNION ALL BY NAME SELECT 'open' AS figure, {PART} FROM day_split WHERE NOT closed)
        ORDER BY figure, restaurant_id, currency, value, quarter, order_id"""  # noqa: S608


def near(names: list[str], days: set[str]) -> list[str]:
    """Return the announcements that may be about orders of these days, because they are near enough."""
    wanted = {date.fromisoformat(day).toordinal() for day in days}
    apart = range(-DAYS_APART, DAYS_APART + 1)
    within = {ordinal + offset for ordinal in wanted for offset in apart} - wanted
    return [name for name in names if date.fromisoformat(zones.date_of(name)).toordinal() in within]


def day_of(file: Path) -> str:
    return zones.date_of(zones.name_of(file))
