"""The API as one function: who asks and how much comes first, then the routes."""

import json
from functools import cache
from http import HTTPStatus
from typing import Any, Protocol

from aws_lambda_powertools.event_handler import APIGatewayRestResolver, Response
from aws_lambda_powertools.event_handler.openapi.exceptions import RequestValidationError

from contexts.orders.adapters.oidc_identity import OidcIdentity
from contexts.orders.api import problems
from contexts.orders.api.routes import router
from contexts.orders.application.ports import Ports

MAX_BODY_BYTES = 64 * 1024


class System(Ports, Protocol):
    """What the API needs besides the ports of the use cases."""

    @property
    def identity(self) -> OidcIdentity: ...


@cache
def resolver() -> APIGatewayRestResolver:
    """The routes with their validation; its OpenAPI schema is the documentation of the API."""
    app = APIGatewayRestResolver(enable_validation=True)
    app.include_router(router)
    app.exception_handler(RequestValidationError)(problems.of_invalid_request)
    app.not_found(problems.of_unknown_path)
    app.exception_handler(Exception)(problems.of_exception)
    return app


def answer(event: dict[str, Any], context: Any, system: System) -> dict[str, Any]:
    """An API Gateway proxy event in, its answer out. Nobody unknown learns whether his request was valid."""
    try:
        caller = system.identity.identify(_header(event, "authorization"))
    except Exception as error:  # noqa: BLE001 - mapped where all errors are
        return _serialized(problems.of_exception(error))
    wrong = _wrong_with_body(event.get("body"))
    if wrong:
        return _serialized(problems.invalid(HTTPStatus.BAD_REQUEST, [{"field": "body", "message": wrong}]))
    app = resolver()
    app.append_context(caller=caller, system=system)  # type: ignore[no-untyped-call]
    answered: dict[str, Any] = app.resolve(event, context)
    return answered


def _wrong_with_body(body: str | None) -> str | None:
    if not body:
        return None
    if len(body.encode(errors="surrogatepass")) > MAX_BODY_BYTES:
        return f"expected at most {MAX_BODY_BYTES} bytes"
    try:
        json.loads(body)
    except (ValueError, RecursionError):
        return "expected JSON"
    return None


def _header(event: dict[str, Any], name: str) -> str | None:
    headers = event.get("headers") or {}
    return next((value for key, value in headers.items() if key.lower() == name), None)


def _serialized(response: Response[str]) -> dict[str, Any]:
    headers = {**response.headers, "Content-Type": response.content_type}
    return {"statusCode": int(response.status_code), "headers": headers, "body": response.body}
