"""A sentence above each chart that says what it shows."""

from collections.abc import Mapping
from typing import TypeVar

from contexts.analytics.report.charts import FEW
from contexts.analytics.report.model import Report
from contexts.analytics.report.words import WEEKDAYS, duration, share

T = TypeVar("T")
NAMED = 2  # a tie between more than these names none of them
LOST = {
    "EXPIRED": "the restaurant did not answer in time",
    "REJECTED": "the restaurant rejected them",
    "CANCELLED": "the customer cancelled them",
    "TIMED_OUT": "they were not delivered in time",
    "FAILED": "something technical failed",
}


def funnel(report: Report) -> str:
    if not report.orders:
        return "No orders yet"
    return f"{share(report.orders_by_status.get('COMPLETED', 0), report.orders)} of the orders reach the customer"


def waiting_times(report: Report) -> str:
    times = report.time_to_accept_seconds
    if times is None:
        return "No order has been accepted yet"
    half = f"Half of the customers know within {duration(times.p50)}"
    if sum(each.orders for each in report.waiting_times) < FEW:
        return half
    return f"{half}, one in twenty waits more than {duration(times.p95)}"


def revenue(report: Report) -> str:
    match len(report.revenue):
        case 0:
            return "No revenue yet"
        case 1:
            return f"What each day brought, in {report.revenue[0].currency}"
        case several:
            return f"What each day brought, in {several} currencies"


def hours(report: Report) -> str:
    if not report.orders_by_hour:
        return "No orders yet"
    busiest, *others = _most({(each.weekday, each.hour): each.orders for each in report.orders_by_hour})
    if others:
        return "No hour of the week stands out"
    weekday, hour = busiest
    return f"Busiest on {WEEKDAYS[weekday - 1]}s from {hour}:00 to {(hour + 1) % 24}:00"


def restaurants(report: Report) -> str:
    if not report.restaurants:
        return "No restaurants yet"
    completed = {each.restaurant_id: each.orders_by_status.get("COMPLETED", 0) for each in report.restaurants}
    if not any(completed.values()):
        return "No restaurant has completed an order yet"
    best = _most(completed)
    if len(best) == 1:
        return f"{best[0]} completes the most orders"
    return f"{' and '.join(best)} complete as many orders each" if len(best) <= NAMED else "No restaurant stands out"


def exits(report: Report) -> str:
    lost = {status: report.orders_by_status.get(status, 0) for status in LOST}
    if not any(lost.values()):
        return "No order was lost"
    told = f"{share(sum(lost.values()), report.orders)} of the orders are lost"
    commonest = _most(lost)
    if len(commonest) == 1:
        only = lost[commonest[0]] == sum(lost.values())
        return f"{told}, {'all' if only else 'most often'} because {LOST[commonest[0]]}"
    if len(commonest) <= NAMED:
        return f"{told}, as often because {' as because '.join(LOST[status] for status in commonest)}"
    return f"{told}, for no reason more often than for others"


def _most(counts: Mapping[T, int]) -> list[T]:
    """Return all keys with the highest count, because in a tie no single one stands out."""
    most = max(counts.values())
    return [each for each, count in counts.items() if count == most]
