"""What all requests share: the systems that are shown, how a page is answered, and how what is sent is read."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse

from takeaway.errors import Refused
from takeaway.run.console import pages
from takeaway.run.console.systems import Systems, Watched, attempted

MOST_BYTES = 64 * 1024


@dataclass(frozen=True)
class Console:
    """What all requests share. `token` is what the console's own pages have; `read_only` why nothing can be changed."""

    systems: Systems
    token: str
    read_only: str = ""

    def page(self, request: Request, template: str, page: str, **content: Any) -> HTMLResponse:
        stage = request.path_params.get("stage", self.systems.default)
        shared = {"page": page, "stage": stage, "token": self.token, "read_only": self.read_only}
        return HTMLResponse(pages.page(template, **shared, **content))

    def watched(self, request: Request) -> Watched:
        return self.systems.of(request.path_params["stage"])

    async def shown(
        self, request: Request, template: str, page: str, read: Callable[[Watched], Mapping[str, Any]]
    ) -> HTMLResponse:
        """A page of a stage with what is read from its system."""

        def show() -> HTMLResponse:
            watched = self.watched(request)
            return self.page(request, template, page, **attempted(watched, lambda _: read(watched)))

        return await run_in_threadpool(show)

    async def asked(self, request: Request, do: Callable[[Watched], Mapping[str, Any]]) -> JSONResponse:
        """A change, and what there is to say of it."""
        watched = await run_in_threadpool(self.watched, request)
        return JSONResponse(await run_in_threadpool(attempted, watched, lambda _: do(watched)))


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
