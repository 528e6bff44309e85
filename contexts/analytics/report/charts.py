"""The data of the charts, for the script in the page. Amounts become major units of their currency here."""

import math
from collections import defaultdict
from datetime import timedelta
from typing import Any

from contexts.analytics.report.model import Exit, Report
from contexts.analytics.report.words import big_money, digits, duration, money, share

RANKED = 15
MOST_DAYS = 7320  # twice as many as `generate` draws; a longer span means that some date is a mistake
LONGEST_WAIT = 1200  # seconds; longer waits are counted in the last bar
WIDTHS = (1, 2, 5, 10, 15, 30, 60)  # possible widths of a bar, in seconds
FEWEST_BARS, MOST_BARS = 8, 40
FEW = 20  # orders; "one in twenty" means nothing of fewer
STEPS = {"placed": "Placed", "notified": "Restaurant notified", "accepted": "Accepted", "completed": "Completed"}
NAMES = {
    "EXPIRED": "No answer in time", "REJECTED": "Rejected", "CANCELLED": "Cancelled by customer",
    "TIMED_OUT": "Not delivered in time", "FAILED": "Technical failure",
}  # fmt: skip


def chart_data(report: Report) -> dict[str, Any]:
    return {
        "funnel": [
            {"name": STEPS[each.step], "value": each.orders, "share": share(each.orders, report.funnel[0].orders)}
            for each in report.funnel
        ],
        "waiting": _waiting(report),
        "revenue": _revenue(report),
        "hours": _hours(report),
        "restaurants": _restaurants(report),
        "exits": [
            {"name": _exit_name(each), "status": each.status, "value": each.orders}
            for each in report.exits
        ],
    }  # fmt: skip


def _hours(report: Report) -> list[list[int]]:
    """Return hour, weekday and orders for every hour of the week, including hours without orders."""
    orders = {(each.weekday - 1, each.hour): each.orders for each in report.orders_by_hour}
    return [[hour, day, orders.get((day, hour), 0)] for day in range(7) for hour in range(24)] if orders else []


def _waiting(report: Report) -> dict[str, Any]:
    """Return the histogram of waiting times. The more orders there are, the more bars it has."""
    orders = sum(each.orders for each in report.waiting_times)
    longest = min(max((each.from_seconds for each in report.waiting_times), default=0), LONGEST_WAIT)
    bars = min(max(FEWEST_BARS, round(2 * math.sqrt(orders))), MOST_BARS)
    step = next((width for width in WIDTHS if longest <= width * bars), WIDTHS[-1])
    counts: dict[int, int] = defaultdict(int)
    for each in report.waiting_times:
        counts[min(each.from_seconds, LONGEST_WAIT) // step] += each.orders
    times = report.time_to_accept_seconds
    marks = ([("half within", times.p50)] + [("95 % within", times.p95)] * (orders >= FEW)) if times else []
    return {
        "step": step,
        "bars": [counts[number] for number in range(longest // step + 1)] if counts else [],
        "longest": LONGEST_WAIT,
        "marks": [{"seconds": at, "name": f"{name} {duration(at)}"} for name, at in marks],
    }


def _revenue(report: Report) -> list[dict[str, Any]]:
    """Return a panel per currency, the one with the most orders first.

    Every day is in it, with or without revenue; if those are too many to draw, only days with revenue.
    """
    amounts: dict[str, dict[Any, int]] = defaultdict(lambda: defaultdict(int))
    for each in report.revenue_by_day:
        amounts[each.currency][each.day] += each.amount
    if not amounts:
        return []
    days = sorted({day for each in amounts.values() for day in each})
    if (days[-1] - days[0]).days < MOST_DAYS:
        days = [days[0] + timedelta(days=number) for number in range((days[-1] - days[0]).days + 1)]
    baskets = {each.currency: each for each in report.baskets}
    return [
        {
            "currency": each.currency,
            "digits": digits(each.currency),
            "total": big_money(each.amount, each.currency),
            "daily": big_money(each.amount / len(days), each.currency),
            "basket": money(round(baskets[each.currency].mean_amount), each.currency),
            "days": [day.isoformat() for day in days],
            "values": [amounts[each.currency].get(day, 0) / 10 ** digits(each.currency) for day in days],
        }
        for each in sorted(report.revenue, key=lambda each: -each.orders)
    ]


def _restaurants(report: Report) -> list[dict[str, Any]]:
    ranked = sorted(report.restaurants, key=lambda each: -each.orders_by_status.get("COMPLETED", 0))
    rows = []
    for each in ranked[:RANKED]:
        ends = each.orders_by_status
        named = {status: ends.get(status, 0) for status in ("COMPLETED", "REJECTED", "EXPIRED")}
        rows.append({"name": each.restaurant_id, **named, "OTHER": each.orders - sum(named.values())})
    return rows


def _exit_name(found: Exit) -> str:
    name = NAMES.get(found.status, found.status)
    return f"{name}: {found.reason}" if found.reason else name
