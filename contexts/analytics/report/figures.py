"""From files of the lake to the figures: the curated zone, and what has arrived since, each event once."""

from collections import defaultdict
from datetime import UTC
from pathlib import Path
from typing import Any

import duckdb

from contexts.analytics import columns
from contexts.analytics.database import literal, load_raw, pattern
from contexts.analytics.report.model import (
    Basket,
    DailyRevenue,
    Exit,
    Figures,
    FunnelStep,
    HourOfWeek,
    Report,
    RestaurantFigures,
    Revenue,
    TimeToAccept,
    WaitingTime,
)

SQL = Path(__file__).with_name("report.sql")
# What has arrived may be delivered again, or be in the curated zone already if a compaction was interrupted.
EVENTS = """
CREATE TEMP VIEW events AS
FROM curated
UNION ALL
SELECT * FROM (
    SELECT DISTINCT ON (event_id) * FROM arrived
    ORDER BY event_id, amount NULLS LAST, pieces NULLS LAST, reason NULLS LAST
)
ANTI JOIN (SELECT event_id FROM curated WHERE occurred_at >= (SELECT min(occurred_at) FROM arrived)) USING (event_id)
"""
# At both ends of the calendar other timezones have days that nobody has a name for.
LOCAL = """
CREATE TEMP MACRO local(moment) AS timezone({zone}, timezone('UTC',
    least(greatest(moment, TIMESTAMP '0001-01-02'), TIMESTAMP '9999-12-30')))
"""


def figures_of(duck: duckdb.DuckDBPyConnection, curated: list[Path], arrived: list[Path], zone: str) -> Report:
    """The report on what these files hold. Raises UnreadableObjects, and of the curated ones duckdb.Error."""
    _make_views(duck, curated, arrived, zone)
    return _report(duck, zone)


def _make_views(duck: duckdb.DuckDBPyConnection, curated: list[Path], arrived: list[Path], zone: str) -> None:
    # A view takes no parameters: names of files and of the timezone are put in as literals, quoted.
    files = "[" + ", ".join(literal(pattern(file)) for file in curated) + "]"
    rows = columns.ROWS.replace("$files", files) if curated else columns.EMPTY
    duck.execute(f"CREATE TEMP VIEW curated AS {rows}")
    load_raw(duck, "arrived", arrived)
    duck.execute(EVENTS if arrived else "CREATE TEMP VIEW events AS FROM curated")
    duck.execute(LOCAL.format(zone=literal(zone)))
    duck.execute(SQL.read_text(encoding="utf-8"))


def _report(duck: duckdb.DuckDBPyConnection, zone: str) -> Report:
    events, first, last = duck.execute("FROM totals").fetchall()[0]
    figures = _figures(duck)
    overall = figures.pop(None, Figures())
    (funnel,) = _rows(duck, "funnel")
    return Report(
        **overall.model_dump(),
        timezone=zone,
        events=events,
        first_event_at=first and first.replace(tzinfo=UTC),
        last_event_at=last and last.replace(tzinfo=UTC),
        funnel=[FunnelStep(step=step, orders=orders) for step, orders in funnel.items()],
        exits=[Exit(**row) for row in _rows(duck, "exits")],
        waiting_times=[WaitingTime(**row) for row in _rows(duck, "waiting_times")],
        orders_by_hour=[HourOfWeek(**row) for row in _rows(duck, "orders_by_hour")],
        revenue_by_day=[DailyRevenue(**row) for row in _rows(duck, "revenue_by_day")],
        restaurants=[
            RestaurantFigures(restaurant_id=id_, **figures[id_].model_dump())
            for id_ in sorted(id_ for id_ in figures if id_ is not None)
        ],
    )


def _figures(duck: duckdb.DuckDBPyConnection) -> dict[str | None, Figures]:
    """By restaurant; None is all of them together."""
    figures: dict[str | None, Figures] = defaultdict(Figures)
    for row in _rows(duck, "orders_by_status"):
        its = figures[row["restaurant_id"]]
        its.orders_by_status[row["status"]] = row["orders"]
        its.orders += row["orders"]
    for row in _rows(duck, "answers"):
        its = figures[row["restaurant_id"]]
        its.acceptance_rate = row["acceptance_rate"]
        its.time_to_accept_seconds = None if row["p50"] is None else TimeToAccept(p50=row["p50"], p95=row["p95"])
    for row in _rows(duck, "revenue"):
        figures[row.pop("restaurant_id")].revenue.append(Revenue(**row))
    for row in _rows(duck, "baskets"):
        figures[row.pop("restaurant_id")].baskets.append(Basket(**row))
    return figures


def _rows(duck: duckdb.DuckDBPyConnection, view: str) -> list[dict[str, Any]]:
    found = duck.execute(f"FROM {view}")
    names = [column[0] for column in found.description or ()]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]
