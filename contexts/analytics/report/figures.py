"""Computes the figures: from the aggregates of finished days, and from the events of the others, each once."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import UTC
from pathlib import Path
from typing import Any

import duckdb

from contexts.analytics import aggregates, columns
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

FIGURES = {file.stem: aggregates.sql_of(file) for file in sorted(Path(__file__).parent.glob("figures/*.sql"))}
# Events that have arrived may be duplicates, or be in the curated zone already if a compaction was interrupted.
EVENTS = """
CREATE OR REPLACE TEMP VIEW unfinished AS
FROM curated
UNION ALL
SELECT * FROM (
    SELECT DISTINCT ON (event_id) * FROM arrived
    ORDER BY event_id, amount NULLS LAST, pieces NULLS LAST, reason NULLS LAST
)
ANTI JOIN (SELECT event_id FROM curated WHERE occurred_at >= (SELECT min(occurred_at) FROM arrived)) USING (event_id)
"""
# Limited, because at both ends of the calendar a conversion to another timezone would overflow.
LOCAL = """
CREATE OR REPLACE TEMP MACRO local(moment) AS timezone({zone}, timezone('UTC',
    least(greatest(moment, TIMESTAMP '0001-01-02'), TIMESTAMP '9999-12-30')))
"""
# Days and hours are converted to the timezone here, so that the queries of figures need not know of it.
ADDED_UP = """
CREATE OR REPLACE TEMP TABLE facts AS
SELECT figure, restaurant_id, currency, status, reason, notified, accepted, value,
    date_trunc(if(figure = 'revenue', 'day', 'hour'), local(quarter))::TIMESTAMP AS quarter,
    sum(number)::BIGINT AS number, sum(amount) AS amount, sum(pieces) AS pieces,
    sum(with_pieces)::BIGINT AS with_pieces, min(least) AS least, max(most) AS most,
    min(first_at) AS first_at, max(last_at) AS last_at
FROM (FROM stored WHERE figure <> 'open' UNION ALL BY NAME ({events}) UNION ALL BY NAME ({facts}))
GROUP BY ALL
"""


def load(duck: duckdb.DuckDBPyConnection, curated: list[Path], arrived: list[Path]) -> None:
    """Split the events of these files into parts of orders.

    Raises UnreadableObjects for arrived files, duckdb.Error for curated ones.
    """
    _view(duck, "curated", columns.ROWS, curated, columns.EMPTY)
    load_raw(duck, "arrived", arrived)
    duck.execute(EVENTS if arrived else "CREATE OR REPLACE TEMP VIEW unfinished AS FROM curated")
    aggregates.split(duck, "unfinished")


def figures_of(duck: duckdb.DuckDBPyConnection, kept: list[Path], zone: str) -> Report:
    """Return the report on the loaded events, and on the aggregates `kept` of other days. Raises duckdb.Error."""
    _view(duck, "stored", aggregates.STORED, kept, aggregates.EMPTY)
    part = aggregates.PART
    duck.execute(
        f"CREATE OR REPLACE TEMP VIEW parts AS SELECT {part} FROM day_parts"  # noqa: S608 - names of our own columns
        f" UNION ALL SELECT {part} FROM stored WHERE figure = 'open'"
    )
    duck.execute(f"CREATE OR REPLACE TEMP TABLE orders AS {aggregates.ORDERS}")
    duck.execute(LOCAL.format(zone=literal(zone)))
    duck.execute(ADDED_UP.format(events=aggregates.EVENTS, facts=aggregates.FACTS))
    return report_of(duck, zone)


def _view(duck: duckdb.DuckDBPyConnection, name: str, select: str, files: list[Path], empty: str) -> None:
    # A view takes no parameters, so the files' names are quoted literals.
    listed = "[" + ", ".join(literal(pattern(file)) for file in files) + "]"
    duck.execute(f"CREATE OR REPLACE TEMP VIEW {name} AS {select.replace('$files', listed) if files else empty}")


def report_of(duck: duckdb.DuckDBPyConnection, zone: str, queries: Mapping[str, str] = FIGURES) -> Report:
    """Return the report on a table of facts whose days and hours are those of the zone."""

    def rows(figure: str) -> list[dict[str, Any]]:
        found = duck.execute(queries[figure])
        names = [column[0] for column in found.description or ()]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]

    (totals,) = rows("totals")
    figures = _figures(rows)
    overall = figures.pop(None, Figures())
    (funnel,) = rows("funnel")
    first, last = totals["first_event_at"], totals["last_event_at"]
    return Report(
        **overall.model_dump(),
        timezone=zone,
        events=totals["events"],
        first_event_at=first and first.replace(tzinfo=UTC),
        last_event_at=last and last.replace(tzinfo=UTC),
        funnel=[FunnelStep(step=step, orders=orders) for step, orders in funnel.items()],
        exits=[Exit(**row) for row in rows("exits")],
        waiting_times=[WaitingTime(**row) for row in rows("waiting_times")],
        orders_by_hour=[HourOfWeek(**row) for row in rows("orders_by_hour")],
        revenue_by_day=[DailyRevenue(**row) for row in rows("revenue_by_day")],
        restaurants=[
            RestaurantFigures(restaurant_id=id_, **figures[id_].model_dump())
            for id_ in sorted(id_ for id_ in figures if id_ is not None)
        ],
    )


def _figures(rows: Callable[[str], list[dict[str, Any]]]) -> dict[str | None, Figures]:
    """Return the figures by restaurant; the key None has those of all together."""
    figures: dict[str | None, Figures] = defaultdict(Figures)
    for row in rows("orders_by_status"):
        its = figures[row["restaurant_id"]]
        its.orders_by_status[row["status"]] = row["orders"]
        its.orders += row["orders"]
    for row in rows("acceptance"):
        figures[row["restaurant_id"]].acceptance_rate = row["acceptance_rate"]
    for row in rows("time_to_accept"):
        figures[row["restaurant_id"]].time_to_accept_seconds = TimeToAccept(p50=row["p50"], p95=row["p95"])
    for row in rows("revenue"):
        figures[row.pop("restaurant_id")].revenue.append(Revenue(**row))
    for row in rows("baskets"):
        figures[row.pop("restaurant_id")].baskets.append(Basket(**row))
    return figures
