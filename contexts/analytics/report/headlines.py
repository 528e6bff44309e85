"""A sentence above each chart that says what one sees in it."""

from contexts.analytics.report.model import Report
from contexts.analytics.report.words import WEEKDAYS, duration, share

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
    return (
        f"Half of the customers know within {duration(times.p50)}, one in twenty waits more than {duration(times.p95)}"
    )


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
    busiest = max(report.orders_by_hour, key=lambda each: each.orders)
    after = (busiest.hour + 1) % 24
    return f"Busiest on {WEEKDAYS[busiest.weekday - 1]}s from {busiest.hour}:00 to {after}:00"


def restaurants(report: Report) -> str:
    if not report.restaurants:
        return "No restaurants yet"
    best = max(report.restaurants, key=lambda each: each.orders_by_status.get("COMPLETED", 0))
    return f"{best.restaurant_id} completes the most orders"


def exits(report: Report) -> str:
    lost = {status: report.orders_by_status.get(status, 0) for status in LOST}
    if not any(lost.values()):
        return "No order was lost"
    commonest = max(lost, key=lambda status: lost[status])
    return f"{share(sum(lost.values()), report.orders)} of the orders are lost, most often because {LOST[commonest]}"
