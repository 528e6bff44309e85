"""Writes a drawn day as the ingesting function would have: objects per event type and date, each with its marker."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import numpy as np

from contexts.analytics import zones
from contexts.analytics.database import literal
from contexts.analytics.generator import world
from contexts.analytics.generator.draw import (
    CANCELLED,
    COMPLETED,
    EXPIRED,
    FAILED,
    NEVER,
    REJECTED,
    SECOND,
    TIMED_OUT,
    Day,
    Numbers,
)

ENDINGS = {
    COMPLETED: "order_completed",
    REJECTED: "order_rejected",
    EXPIRED: "order_expired",
    CANCELLED: "order_cancelled",
    TIMED_OUT: "order_timed_out",
    FAILED: "order_failed",
}
MORE = {
    "order_completed": ", {amount: amount, currency: currency} AS total, pieces",
    "order_rejected": ", reason",
}
ORDERS = """
CREATE TEMP TABLE orders AS
SELECT md5(concat('order ', $history, ' ', drawn.number))::UUID::VARCHAR AS order_id, drawn.*, restaurants.*, reasons.*
FROM drawn
JOIN (SELECT unnest($restaurants) AS restaurant_id, unnest($currencies) AS currency,
             unnest(range(len($restaurants))) AS restaurant) AS restaurants USING (restaurant)
JOIN (SELECT unnest($reasons) AS reason, unnest(range(len($reasons))) AS reason_number) AS reasons USING (reason_number)
"""
LINES = """
COPY (
    SELECT md5(concat(order_id, '{column}'))::UUID::VARCHAR AS event_id, '{event_type}' AS event_type,
        strftime(make_timestamp({column} * 1000), '%Y-%m-%dT%H:%M:%S.%gZ') AS occurred_at,
        order_id, restaurant_id{more}
    FROM orders WHERE {what} ORDER BY number
) TO {file} (FORMAT json, COMPRESSION gzip)
"""
# Events that are delivered twice, as happens once in a while: their lines lie in a second object as well.
AGAIN, IS_AGAIN = ("order_completed", "order_accepted"), "number % 200 = 7"


def write_day(folder: Path, day: Day, *, history: str) -> None:
    """Write the objects of a day.

    `history` is part of every id, so that orders of two generated histories differ and may lie in one lake.
    """
    with duckdb.connect(config={"threads": 1, "autoinstall_known_extensions": "false"}) as duck:
        happened = dict(_happenings(day))
        duck.register(
            "drawn",
            {
                "number": day.number, "restaurant": day.restaurant, "amount": day.amount, "pieces": day.pieces,
                "reason_number": day.reason, "outcome": day.outcome, **{name: at for name, (_, at) in happened.items()},
            },
        )  # fmt: skip
        names = {
            "restaurants": [r.id for r in world.RESTAURANTS],
            "currencies": [r.currency for r in world.RESTAURANTS],
        }
        duck.execute(ORDERS, {"history": history, "reasons": list(world.REASONS), **names})
        for column, (event_type, at) in happened.items():
            for date, begin, end in _dates(at, day.until):
                what = f"{column} >= {begin} AND {column} < {end}"
                name = f"generated-{history}-{day.day}-{column}"
                _write(duck, folder, zones.raw_object(event_type, date, name), column, what)
                if event_type in AGAIN:
                    again = zones.raw_object(event_type, date, f"{name}-again")
                    _write(duck, folder, again, column, f"{what} AND {IS_AGAIN}")


def _happenings(day: Day) -> Iterator[tuple[str, tuple[str, Numbers]]]:
    """Yield each thing that happens to orders: its name, the type of its event, and the time for each order."""
    yield "placed", ("order_placed", day.placed)
    yield "notified", ("restaurant_notified", day.notified)
    yield "accepted", ("order_accepted", day.accepted)
    yield "confirmed", ("user_notified", np.where(day.accepted == NEVER, NEVER, day.accepted + SECOND // 2))
    for outcome, event_type in ENDINGS.items():
        yield f"ended_{outcome}", (event_type, np.where(day.outcome == outcome, day.ended, NEVER))
    told = (day.outcome != COMPLETED) & (day.ended != NEVER)
    yield "told", ("user_notified", np.where(told, day.ended + SECOND, NEVER))


def _dates(at: Numbers, until: int) -> Iterator[tuple[str, int, int]]:
    """Yield the dates on which something happens, each with its first millisecond and that of the next."""
    happens = at[at < until]
    if not happens.size:
        return
    first, last = (datetime.fromtimestamp(int(ms) / SECOND, UTC).date() for ms in (happens.min(), happens.max()))
    for number in range((last - first).days + 1):
        date = first + timedelta(days=number)
        begin = int(datetime(date.year, date.month, date.day, tzinfo=UTC).timestamp()) * SECOND
        yield date.isoformat(), begin, min(begin + 86_400 * SECOND, until)


def _write(duck: duckdb.DuckDBPyConnection, folder: Path, raw: str, column: str, what: str) -> None:
    """Write a raw object with a line for every order to which this has happened, and its marker."""
    file, marker = folder / raw, folder / zones.marker(raw)
    for each in (file, marker):
        each.parent.mkdir(parents=True, exist_ok=True)
    event_type = raw.split("/")[1].removeprefix("event_type=")
    more, place = MORE.get(event_type, ""), literal(str(file.absolute()))
    duck.execute(LINES.format(column=column, event_type=event_type, what=what, more=more, file=place))
    marker.touch()
