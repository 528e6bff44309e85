"""The state and helpers that all requests share: the systems, rendering a page, and reading a request's body."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse

from shared.stage_names import is_stage
from takeaway.errors import Refused, TakeawayError
from takeaway.run.console import pages
from takeaway.run.console.systems import Systems, Watched, attempted
from takeaway.text import parsed

MOST_BYTES = 64 * 1024


@dataclass(frozen=True)
class Console:
    """The console's state. Pages send `token` with changes; `read_only` is the reason to refuse these, or empty."""

    systems: Systems
    token: str
    read_only: str = ""

    def page(self, request: Request, template: str, page: str, **content: Any) -> HTMLResponse:
        asked = request.path_params.get("stage", "")
        stage = asked if is_stage(asked) else self.systems.default  # so that the page's links lead back
        shared = {"page": page, "stage": stage, "token": self.token, "read_only": self.read_only}
        return HTMLResponse(pages.page(template, **shared, **content))

    def watched(self, request: Request) -> Watched:
        return self.systems.of(request.path_params["stage"])

    async def shown(
        self, request: Request, template: str, page: str, read: Callable[[Watched], Mapping[str, Any]]
    ) -> HTMLResponse:
        """Render a page of a stage with the content that `read` returns."""

        def show() -> HTMLResponse:
            watched = self.watched(request)
            return self.page(request, template, page, **attempted(watched, lambda _: read(watched)))

        return await run_in_threadpool(show)

    async def asked(self, request: Request, do: Callable[[Watched], Mapping[str, Any]]) -> JSONResponse:
        """Make a change, and answer with what `do` returns, as JSON."""
        watched = await run_in_threadpool(self.watched, request)
        return JSONResponse(await run_in_threadpool(attempted, watched, lambda _: do(watched)))


async def sent(request: Request) -> Mapping[str, Any]:
    """Read the JSON object that a page sends, at most 64 kB. Raises Refused for anything else."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MOST_BYTES:
            raise Refused(413, f"Expected at most {MOST_BYTES:,} bytes")
    try:
        content = parsed("what the page sent", body or b"{}")
    except TakeawayError as error:
        raise Refused(400, "Expected JSON", str(error)) from None
    if not isinstance(content, dict):
        raise Refused(400, "Expected a JSON object")
    return content
