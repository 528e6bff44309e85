"""The console as a web application: its routes, and its answers to failures."""

from collections.abc import Callable, Mapping
from functools import partial

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from takeaway.errors import Refused
from takeaway.paths import REPOSITORY
from takeaway.run.console import live, pages
from takeaway.run.console.failures import FAILURES, NotHere, told
from takeaway.run.console.live import Look, Part
from takeaway.run.console.requests import Console
from takeaway.run.console.routes import map, operate, orders, shop, wirings  # noqa: A004 - the page's name

MORPH = REPOSITORY / "node_modules/idiomorph/dist/idiomorph.esm.js"
# The live parts by the name that a page has in `data-live`, such as order/dev/0f83cea8-…
PARTS: Mapping[str, Callable[..., Part]] = {
    "here": lambda stage: Part(stage, lambda _, __: Look("here")),
    "orders": orders.list_part,
    "order": orders.order_part,
    "traffic": shop.traffic_part,
    "map": map.map_part,
    "operate": operate.operate_part,
    "health": operate.health_part,
    "column": wirings.column_part,
}


def application(console: Console) -> Starlette:
    """Make the application without access control, which guard.py adds around it."""
    routes = [
        Route("/", partial(_root, console)),
        Route("/live", partial(_live, console)),
        Route("/static/idiomorph.js", _morph),
        Mount("/static", StaticFiles(directory=pages.FOLDER / "static")),
        *orders.routes(console),
        *shop.routes(console),
        *map.routes(console),
        *operate.routes(console),
        *wirings.routes(console),
    ]
    failures = {failure: partial(_failed, console) for failure in (*FAILURES, HTTPException, Exception)}
    return Starlette(routes=routes, exception_handlers=failures)


async def _root(console: Console, _: Request) -> Response:
    return RedirectResponse(f"/{console.systems.default}/map")


async def _morph(_: Request) -> Response:
    return FileResponse(MORPH, media_type="text/javascript")


async def _live(console: Console, request: Request) -> Response:
    wanted = [_part(name) for name in request.query_params.getlist("part")]
    return live.response(console.systems, wanted)


def _part(name: str) -> Part:
    kind, *which = name.split("/")
    try:
        return PARTS[kind](*which)
    except (KeyError, TypeError):
        raise NotHere(f"There is no part “{name[:64]}” of a page.") from None


async def _failed(console: Console, request: Request, error: Exception) -> Response:
    """Answer a failure with a sentence: as JSON to a script, as a page to a browser."""
    status, title, comes_back = 503, "The system can’t be seen", False
    match error:
        case NotHere():
            status, title, sentence = 404, "There is no such thing here", str(error)
        case HTTPException():
            status, title, sentence = error.status_code, error.detail, f"{request.url.path}: {error.detail}."
        case Refused():
            status, title, sentence = error.status, error.title, str(error)
        case _ if isinstance(error, FAILURES):
            sentence, comes_back = told(error), True
        case _:  # the server logs the traceback
            status, title, sentence = (
                500,
                "The console has a fault",
                "The error is in the terminal where the console runs.",
            )
    if request.method == "POST":
        return JSONResponse({"said": sentence}, status)
    shown = {"title": title, "sentence": sentence, "again": request.url.path, "waits": comes_back}
    answer = console.page(request, "trouble.html", "orders", **shown)
    answer.status_code = status
    return answer
