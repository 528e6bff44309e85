"""The page shop: place an order of your own, or many at random."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from takeaway.run.console import catalogue, pages
from takeaway.run.console.failures import NotHere
from takeaway.run.console.live import Look, Part
from takeaway.run.console.requests import Console, sent
from takeaway.run.console.systems import Watched
from takeaway.run.console.traffic import MOST
from takeaway.text import counted


def routes(console: Console) -> list[BaseRoute]:
    return [
        Route("/{stage}/shop", partial(_show, console)),
        Route("/{stage}/shop", partial(_order, console), methods=["POST"]),
        Route("/{stage}/traffic", partial(_send, console), methods=["POST"]),
        Route("/{stage}/traffic/stop", partial(_stop, console), methods=["POST"]),
    ]


def traffic_part(stage: str) -> Part:
    return Part(stage, lambda watched, _: Look(pages.page("traffic_body.html", traffic=watched.traffic)))


async def _show(console: Console, request: Request) -> Response:
    restaurants = catalogue.restaurants()
    chosen = restaurants.get(request.query_params.get("restaurant", next(iter(restaurants))))
    if chosen is None:
        raise NotHere("There is no such restaurant in the catalogue.")
    people = catalogue.customers()

    def read(watched: Watched) -> Mapping[str, Any]:
        watched.system()  # raises if nothing is deployed, so that the page says so
        return {
            "restaurants": restaurants.values(),
            "chosen": chosen,
            "customers": people,
            "at_home": next((id_ for id_, who in people.items() if who.currency == chosen["currency"]), None),
            "most_of_one": catalogue.MOST_OF_ONE,
            "most": MOST,
            "traffic": watched.traffic,
        }

    return await console.shown(request, "shop.html", "shop", read)


async def _order(console: Console, request: Request) -> Response:
    content = await sent(request)

    def do(watched: Watched) -> Mapping[str, Any]:
        order_id = catalogue.ordered(watched.system(), content).place()
        return {"said": f"Ordered: {order_id}", "go": f"/{watched.stage}/orders/{order_id}"}

    return await console.asked(request, do)


async def _send(console: Console, request: Request) -> Response:
    content = await sent(request)
    count = counted(str(content.get("count")), most=MOST) or 0

    def do(watched: Watched) -> Mapping[str, Any]:
        watched.traffic.start(watched.system, count)
        return {"said": "1 order is on its way." if count == 1 else f"{count} orders are on their way."}

    return await console.asked(request, do)


async def _stop(console: Console, request: Request) -> Response:
    def do(watched: Watched) -> Mapping[str, Any]:
        watched.traffic.stop()
        return {"said": "No more orders are placed; those that are open wait for their deadlines."}

    return await console.asked(request, do)
