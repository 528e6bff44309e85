"""The figures that a report must find in a generated lake, counted from the drawn orders instead of the files."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from contexts.analytics.generator import world
from contexts.analytics.generator.draw import CANCELLED, COMPLETED, EXPIRED, FAILED, NEVER, REJECTED, TIMED_OUT, Day

DAY, HOUR = 86_400_000, 3_600_000
IDS = np.array([each.id for each in world.RESTAURANTS])
CURRENCIES = np.array([each.currency for each in world.RESTAURANTS])
ENDED_AS = {
    COMPLETED: "COMPLETED", REJECTED: "REJECTED", EXPIRED: "EXPIRED", CANCELLED: "CANCELLED", TIMED_OUT: "TIMED_OUT",
    FAILED: "FAILED",
}  # fmt: skip

Array = NDArray[Any]


def truth_of(days: list[Day]) -> dict[str, Any]:
    """Return the figures of all orders, and under "restaurants" those of each restaurant."""
    until = days[0].until
    orders = {
        name: np.concatenate([getattr(day, name) for day in days])
        for name in ("restaurant", "outcome", "placed", "notified", "accepted", "ended", "amount", "pieces", "reason")
    }
    for name in ("notified", "accepted", "ended"):
        orders[name][orders[name] >= until] = NEVER
    ended, accepted = orders["ended"] != NEVER, orders["accepted"] != NEVER
    status = np.select([ended & (orders["outcome"] == each) for each in ENDED_AS], list(ENDED_AS.values()), "PLACED")
    status = np.where((status == "PLACED") & accepted, "ACCEPTED", status)
    orders["status"] = status
    return {
        **_figures(orders),
        "events": _events(orders, until),
        "funnel": [
            len(status), int(np.sum((orders["notified"] != NEVER) | accepted)), int(accepted.sum()),
            int(np.sum(status == "COMPLETED")),
        ],
        "exits": _count(np.where(status == "REJECTED", np.array(world.REASONS)[orders["reason"]], status)[
            ~np.isin(status, ["PLACED", "ACCEPTED", "COMPLETED"])
        ]),
        "orders_by_hour": _count((orders["placed"] // DAY + 3) % 7 + 1, orders["placed"] // HOUR % 24),
        "revenue_by_day": _revenue_by_day(orders),
        "restaurants": {
            id_: _figures({name: values[orders["restaurant"] == number] for name, values in orders.items()})
            for number, id_ in enumerate(IDS.tolist())
            if np.any(orders["restaurant"] == number)
        },
    }  # fmt: skip


def _figures(orders: dict[str, Array]) -> dict[str, Any]:
    accepted, status = orders["accepted"] != NEVER, orders["status"]
    refused = np.isin(status, ["REJECTED", "EXPIRED"])
    seconds = (orders["accepted"] - orders["placed"])[accepted] / 1000
    completed = status == "COMPLETED"
    currency = CURRENCIES[orders["restaurant"]][completed]
    revenue, baskets = {}, {}
    for each in sorted(set(currency.tolist())):
        amounts = orders["amount"][completed][currency == each]
        revenue[each] = int(amounts.sum())
        pieces = orders["pieces"][completed][currency == each]
        baskets[each] = [float(amounts.mean()), float(np.median(amounts)), float(pieces.mean())]
    answered = int(accepted.sum() + refused.sum())
    return {
        "orders": len(status),
        "orders_by_status": _count(status),
        "acceptance_rate": float(accepted.sum() / answered) if answered else None,
        "time_to_accept": [float(np.quantile(seconds, q)) for q in (0.5, 0.95)] if seconds.size else None,
        "revenue": revenue,
        "baskets": baskets,
    }


def _events(orders: dict[str, Array], until: int) -> int:
    """Count the events. Every order is placed; notifications follow their cause by half a second or a second."""
    told = (orders["outcome"] != COMPLETED) & (orders["ended"] != NEVER)
    confirmed = orders["accepted"][orders["accepted"] != NEVER] + 500 < until
    happened = sum(int(np.sum(orders[name] != NEVER)) for name in ("notified", "accepted", "ended"))
    return len(told) + happened + int(confirmed.sum()) + int(np.sum(orders["ended"][told] + 1000 < until))


def _revenue_by_day(orders: dict[str, Array]) -> dict[str, int]:
    completed = orders["status"] == "COMPLETED"
    day = (orders["ended"][completed] // DAY).astype("datetime64[D]").astype(str)
    restaurant, amounts = IDS[orders["restaurant"]][completed], orders["amount"][completed]
    keys = np.char.add(np.char.add(day, " "), restaurant)
    unique, place = np.unique(keys, return_inverse=True)
    sums = np.bincount(place, weights=amounts).astype(np.int64) if unique.size else np.array([], np.int64)
    return dict(zip(unique.tolist(), sums.tolist(), strict=True))


def _count(*columns: Array) -> dict[str, int]:
    """Count how often each value occurs, or each combination of values."""
    keys = columns[0].astype(str)
    for column in columns[1:]:
        keys = np.char.add(np.char.add(keys, " "), column.astype(str))
    values, counts = np.unique(keys, return_counts=True)
    return dict(zip(values.tolist(), counts.tolist(), strict=True))
