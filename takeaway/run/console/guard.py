"""Refuse requests that do not come from the console's own pages on this machine.

Any web page can send requests to 127.0.0.1. A request under another host name is therefore refused (Host), which stops
DNS rebinding. A change is refused if another page asks for it (Origin), or without the token that the console's pages
have.
"""

import secrets
from collections.abc import Iterable

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

TOKEN_HEADER = "X-Console-Token"  # noqa: S105 - the header's name, not a secret
READS = ("GET", "HEAD")
POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}


class Guard:
    """ASGI middleware around the whole application; `hosts` are the allowed Host headers, with the port."""

    def __init__(self, app: ASGIApp, *, hosts: Iterable[str], token: str, read_only: str = "") -> None:
        self._app, self._hosts, self._token, self._read_only = app, frozenset(hosts), token, read_only

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers[name] = value
            await send(message)

        refusal = self._refusal(scope["method"], Headers(scope=scope))
        answer = PlainTextResponse(refusal[1], refusal[0]) if refusal else self._app
        await answer(scope, receive, send_with_headers)

    def _refusal(self, method: str, headers: Headers) -> tuple[int, str] | None:
        host = headers.get("host", "")
        if host not in self._hosts:
            return 421, f"Host: expected {' or '.join(sorted(self._hosts))}, where this console is."
        if method in READS:
            return None
        if headers.get("origin") != f"http://{host}":
            return 403, f"Origin: expected http://{host}; changes are asked for by the console's own pages."
        if not secrets.compare_digest(headers.get(TOKEN_HEADER, "").encode(), self._token.encode()):
            return 403, "The page is from a console that has ended: load it again."
        return (403, self._read_only) if self._read_only else None
