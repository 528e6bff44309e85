"""The pages orders, order and schema: the list, one order with its acts, and an event's schema."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from takeaway.run.client.orders import newest
from takeaway.run.console import acts, looking, pages
from takeaway.run.console.failures import NotHere
from takeaway.run.console.live import Look, Part
from takeaway.run.console.requests import Console, sent
from takeaway.run.console.systems import Watched, attempted

MOST = 1000  # the most orders in the list
LIST_GOOD_FOR = 10  # without news, the list is read again after so many times `steady`
AT_REST = 10  # an ended order is read so many times less often
FEW_ORDERS = 30  # up to so many orders the lake is searched unasked, on an engine of this machine


def routes(console: Console) -> list[BaseRoute]:
    return [
        Route("/{stage}/orders", partial(_list, console)),
        Route("/{stage}/orders/{order_id}", partial(_show, console)),
        Route("/{stage}/orders/{order_id}/{call}", partial(_act, console), methods=["POST"]),
        Route("/{stage}/schemas/{event_type}", partial(_schema, console)),
    ]


def list_part(stage: str) -> Part:
    def look(watched: Watched, _: int) -> Look:
        return Look(pages.page("orders_body.html", stage=stage, **listed(watched)), good_for=watched.steady)

    return Part(stage, look)


def order_part(stage: str, order_id: str, lake: str = "") -> Part:
    return Part(stage, partial(_look, order_id, bool(lake)), order_id)


def listed(watched: Watched) -> Mapping[str, Any]:
    """Return the newest orders, each with its last journal entry."""
    system = watched.system()
    # On AWS the list is not read again at every entry, because each read costs by the number of orders.
    key = ("orders", watched.feed.last) if system.target.endpoint else "orders"
    found = watched.once(key, partial(newest, system, limit=MOST), good_for=watched.steady * LIST_GOOD_FOR)
    is_all = not (found.left_off or found.unseen)
    return {"orders": found.orders, "is_all": is_all, "heard": watched.feed.orders, "most": MOST}


def shown(watched: Watched, order_id: str, *, looks: bool) -> Mapping[str, Any]:
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


def _look(order_id: str, looks: bool, watched: Watched, _: int) -> Look:  # noqa: FBT001 - given by position, from the part's name
    content = shown(watched, order_id, looks=looks)
    seen = content["seen"]
    rests = seen.end is not None or (not seen.definition and not content["acts"])
    html = pages.page("order_body.html", stage=watched.stage, **content)
    return Look(html, good_for=watched.steady * (AT_REST if rests else 1))


async def _list(console: Console, request: Request) -> Response:
    return await console.shown(request, "orders.html", "orders", listed)


async def _show(console: Console, request: Request) -> Response:
    order_id, looks = request.path_params["order_id"], "lake" in request.query_params
    if not looking.WHOLE.fullmatch(order_id):
        watched = await run_in_threadpool(console.watched, request)
        whole = await run_in_threadpool(attempted, watched, lambda system: looking.meant_by(system, order_id))
        return RedirectResponse(f"/{watched.stage}/orders/{whole}")

    def read(watched: Watched) -> Mapping[str, Any]:
        return {"looks": looks, **shown(watched, order_id, looks=looks)}

    return await console.shown(request, "order.html", "orders", read)


async def _schema(console: Console, request: Request) -> Response:
    return console.page(request, "schema.html", "orders", **pages.schema(request.path_params["event_type"]))


async def _act(console: Console, request: Request) -> Response:
    content = await sent(request)
    order_id, call = request.path_params["order_id"], request.path_params["call"]
    if call not in (*acts.DONE, acts.STOP):
        raise NotHere(f"Nobody can “{call[:32]}” an order.")
    reason = str(content.get("reason") or pages.REASON) if call == "reject" else None

    def do(watched: Watched) -> Mapping[str, Any]:
        looking.must_exist(watched.system(), order_id)
        return {"said": acts.done(watched.system(), order_id, call, reason=reason)}

    return await console.asked(request, do)
