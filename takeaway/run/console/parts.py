"""What the live parts of pages show, by the names that pages call them: `orders/dev`, `order/dev/0f83cea8-…`."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from takeaway.run.console import acts, looking, pages
from takeaway.run.console.feed import ORDERS
from takeaway.run.console.live import Look, Part
from takeaway.run.console.systems import NotHere, Watched

AT_REST = 10  # how many times as long an order is good for that has ended
FEW_ORDERS = 30  # so long the lake is looked at unasked, on an engine of this machine


def part(name: str) -> Part:
    """Raises NotHere."""
    match name.split("/"):
        case ["orders", stage]:
            return Part(stage, lambda watched, _: Look(pages.page("orders_body.html", **_with(watched, orders))))
        case ["order", stage, order_id]:
            return Part(stage, partial(_order, order_id, looks=False), order_id)
        case ["order", stage, order_id, "lake"]:
            return Part(stage, partial(_order, order_id, looks=True), order_id)
    raise NotHere(f"There is no part “{name[:64]}” of a page.")


def orders(watched: Watched) -> Mapping[str, Any]:
    """The newest first."""
    return {"orders": [*reversed(watched.feed.orders.values())], "most": ORDERS}


def order(watched: Watched, order_id: str, *, looks: bool) -> Mapping[str, Any]:
    system = watched.system()
    last = watched.feed.orders.get(order_id)
    searches = looks or (system.target.endpoint is not None and len(watched.feed.orders) <= FEW_ORDERS)
    seen = watched.once(
        (order_id, searches, last and last.id),
        partial(looking.order_seen, system, order_id, search=searches),
        good_for=watched.steady * 0.8,
    )
    return {
        "seen": seen,
        "acts": acts.possible(seen.order, is_running=seen.is_running),
        "live": True,
        "schema_page": lambda event: f"/{watched.stage}/schemas/{event}" if pages.is_event(event) else "",
    }


def _order(order_id: str, watched: Watched, _: int, *, looks: bool) -> Look:
    content = order(watched, order_id, looks=looks)
    seen = content["seen"]
    rests = seen.end is not None or (not seen.definition and not content["acts"])
    html = pages.page("order_body.html", stage=watched.stage, **content)
    return Look(html, good_for=watched.steady * (AT_REST if rests else 1))


def _with(watched: Watched, show: Any) -> Mapping[str, Any]:
    return {"stage": watched.stage, **show(watched)}
