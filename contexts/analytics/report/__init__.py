"""The report: figures from the files of the lake, computed by DuckDB. People run it; the functions do not carry it."""

from collections import defaultdict
from datetime import UTC, datetime
from pathlib import Path

import duckdb
from pydantic import BaseModel

SQL = Path(__file__).with_name("report.sql")
# Fields are declared, not guessed: an empty or one-sided lake has the same columns as a full one.
COLUMNS = """{event_id: 'VARCHAR', event_type: 'VARCHAR', occurred_at: 'TIMESTAMP', order_id: 'VARCHAR',
              restaurant_id: 'VARCHAR', total: 'STRUCT(amount BIGINT, currency VARCHAR)'}"""
Row = tuple[object, ...]


class Revenue(BaseModel):
    """What completed orders brought in one currency, in its minor units; currencies are never added up."""

    currency: str
    amount: int
    orders: int


class TimeToAccept(BaseModel):
    """Seconds from an order being placed to its being accepted."""

    p50: float
    p95: float


class Figures(BaseModel):
    """Of all orders, or of one restaurant's."""

    orders: int = 0
    orders_by_status: dict[str, int] = {}
    # Accepted orders among those that the restaurant accepted, rejected or let expire; null before the first of them.
    acceptance_rate: float | None = None
    time_to_accept_seconds: TimeToAccept | None = None
    revenue: list[Revenue] = []


class RestaurantFigures(Figures):
    restaurant_id: str


class Report(Figures):
    """Everything at a glance; `model_dump_json()` is its form for programs."""

    events: int = 0
    first_event_at: datetime | None = None
    last_event_at: datetime | None = None
    restaurants: list[RestaurantFigures] = []


def build_report(folder: Path) -> Report:
    """Report on a local copy of the lake: every `*.ndjson.gz` below the folder, each event counted once."""
    if next(folder.rglob("*.ndjson.gz"), None) is None:
        return Report()
    with duckdb.connect(config={"autoinstall_known_extensions": "false"}) as lake:
        lake.execute(
            f"CREATE TABLE lines AS FROM read_json(?, format = 'newline_delimited', columns = {COLUMNS},"
            " hive_partitioning = false)",
            [f"{folder}/**/*.ndjson.gz"],
        )
        lake.execute(SQL.read_text(encoding="utf-8"))
        events, first, last = lake.execute("FROM totals").fetchall()[0]
        figures = _figures(lake)
    overall = figures.pop(None, Figures())
    return Report(
        **overall.model_dump(),
        events=events,
        first_event_at=first and first.replace(tzinfo=UTC),
        last_event_at=last and last.replace(tzinfo=UTC),
        restaurants=[
            RestaurantFigures(restaurant_id=id_, **figures[id_].model_dump())
            for id_ in sorted(id_ for id_ in figures if id_ is not None)
        ],
    )


def _figures(lake: duckdb.DuckDBPyConnection) -> dict[str | None, Figures]:
    """By restaurant; None is all of them together."""
    figures: dict[str | None, Figures] = defaultdict(Figures)
    for restaurant, status, orders in lake.execute("FROM orders_by_status").fetchall():
        figures[restaurant].orders_by_status[status] = orders
        figures[restaurant].orders += orders
    for restaurant, rate, p50, p95 in lake.execute("FROM answers").fetchall():
        figures[restaurant].acceptance_rate = rate
        figures[restaurant].time_to_accept_seconds = None if p50 is None else TimeToAccept(p50=p50, p95=p95)
    for restaurant, currency, amount, orders in lake.execute("FROM revenue").fetchall():
        figures[restaurant].revenue.append(Revenue(currency=currency, amount=amount, orders=orders))
    return figures
