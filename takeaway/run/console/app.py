"""The console as a web application: its routes, and what becomes of a failure."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from sse_starlette import EventSourceResponse
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from takeaway.errors import Refused
from takeaway.paths import REPOSITORY
from takeaway.run.console import acts, live, pages, parts
from takeaway.run.console.systems import FAILURES, NotHere, Systems, Watched, attempted, told

MORPH = REPOSITORY / "node_modules/idiomorph/dist/idiomorph.esm.js"
MOST_BYTES = 64 * 1024


@dataclass(frozen=True)
class Console:
    """What all requests share. `token` is what the console's own pages have; `read_only` why nothing can be changed."""

    systems: Systems
    token: str
    read_only: str = ""
    extra: list[BaseRoute] = field(default_factory=list)

    def page(self, request: Request, template: str, page: str, **content: Any) -> HTMLResponse:
        stage = request.path_params.get("stage", self.systems.default)
        shared = {"page": page, "stage": stage, "token": self.token, "read_only": self.read_only}
        return HTMLResponse(pages.page(template, **shared, **content))

    def watched(self, request: Request) -> Watched:
        return self.systems.of(request.path_params["stage"])


def application(console: Console) -> Starlette:
    """Without what keeps strangers out: see guard.py."""
    routes = [
        Route("/", partial(_root, console)),
        Route("/live", partial(_live, console)),
        Route("/static/idiomorph.js", _morph),
        Mount("/static", StaticFiles(directory=pages.FOLDER / "static")),
        Route("/{stage}/orders", partial(_orders, console)),
        Route("/{stage}/orders/{order_id}", partial(_order, console)),
        Route("/{stage}/orders/{order_id}/{call}", partial(_act, console), methods=["POST"]),
        Route("/{stage}/schemas/{event_type}", partial(_schema, console)),
        *console.extra,
    ]
    failures = {failure: partial(_failed, console) for failure in (*FAILURES, HTTPException, Exception)}
    return Starlette(routes=routes, exception_handlers=failures)


async def _root(console: Console, _: Request) -> Response:
    return RedirectResponse(f"/{console.systems.default}/orders")


async def _morph(_: Request) -> Response:
    return FileResponse(MORPH, media_type="text/javascript")


async def _live(console: Console, request: Request) -> Response:
    wanted = [parts.part(name) for name in request.query_params.getlist("part")]
    return EventSourceResponse(live.stream(console.systems, wanted))


async def _orders(console: Console, request: Request) -> Response:
    def show() -> Response:
        watched = console.watched(request)
        return console.page(request, "orders.html", "orders", **parts.orders(watched))

    return await run_in_threadpool(show)


async def _order(console: Console, request: Request) -> Response:
    def show() -> Response:
        watched, looks = console.watched(request), "lake" in request.query_params
        order_id = request.path_params["order_id"]
        content = attempted(watched, lambda _: parts.order(watched, order_id, looks=looks))
        return console.page(request, "order.html", "orders", looks=looks, **content)

    return await run_in_threadpool(show)


async def _schema(console: Console, request: Request) -> Response:
    return console.page(request, "schema.html", "orders", **pages.schema(request.path_params["event_type"]))


async def _act(console: Console, request: Request) -> Response:
    content = await sent(request)
    order_id, call = request.path_params["order_id"], request.path_params["call"]
    if call not in (*acts.DONE, acts.STOP):
        raise NotHere(f"Nobody can “{call[:32]}” an order.")
    reason = str(content.get("reason") or pages.REASON) if call == "reject" else None
    watched = console.watched(request)
    act = partial(attempted, watched, lambda system: acts.done(system, order_id, call, reason=reason))
    return JSONResponse({"said": await run_in_threadpool(act)})


async def sent(request: Request) -> Mapping[str, Any]:
    """The object that a page sends. Raises Refused."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MOST_BYTES:
            raise Refused(413, f"Expected at most {MOST_BYTES:,} bytes")
    try:
        content = json.loads(body or b"{}")
    except ValueError:
        raise Refused(400, "Expected JSON") from None
    if not isinstance(content, dict):
        raise Refused(400, "Expected a JSON object")
    return content


async def _failed(console: Console, request: Request, error: Exception) -> Response:
    """A sentence, for a page as a page."""
    status, title = 503, "The system can’t be seen"
    match error:
        case NotHere():
            status, title, sentence = 404, "There is no such thing here", str(error)
        case HTTPException():
            status, title, sentence = error.status_code, error.detail, f"{request.url.path}: {error.detail}."
        case Refused():
            status, title, sentence = error.status, error.title, str(error)
        case _ if isinstance(error, FAILURES):
            sentence = told(error)
        case _:  # the server writes down what it was
            status, title, sentence = 500, "The console has a fault", "What it was is in the terminal where it runs."
    if request.method == "POST":
        return JSONResponse({"said": sentence}, status)
    answer = console.page(request, "trouble.html", "orders", title=title, sentence=sentence, again=request.url.path)
    answer.status_code = status
    return answer
