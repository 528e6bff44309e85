"""The API as one function: authentication and limits first, then the routes."""

from functools import cache
from http import HTTPStatus
from typing import Any, Protocol

from aws_lambda_powertools.event_handler import APIGatewayRestResolver, Response
from aws_lambda_powertools.event_handler.openapi.exceptions import RequestValidationError

from contexts.orders.api import problems
from contexts.orders.api.bodies import wrong_with
from contexts.orders.api.routes import router
from contexts.orders.application.callers import Callers
from contexts.orders.application.ports import Ports
from contexts.orders.observability import logger

JSON = "application/json"
UNKNOWN = "/{proxy+}"  # the catch-all resource of the API, which API Gateway takes for paths without their own


class ApiPorts(Ports, Protocol):
    """The ports of the use cases, and the one by which the API authenticates callers."""

    @property
    def identity(self) -> Callers: ...


@cache
def resolver() -> APIGatewayRestResolver:
    """Build the routes with their validation. The OpenAPI document is made from the same object."""
    app = APIGatewayRestResolver(enable_validation=True)
    app.include_router(router)
    app.exception_handler(RequestValidationError)(problems.of_invalid_request)
    app.not_found(problems.of_unknown_path)
    app.exception_handler(Exception)(problems.of_exception)
    return app


def answer(event: dict[str, Any], context: Any, ports: ApiPorts) -> dict[str, Any]:
    """Turn an API Gateway proxy event into its answer.

    Authenticates before it validates, so a stranger always gets 401 and learns nothing about the API.
    """
    try:
        caller = ports.identity.identify(_header(event, "authorization"))
    except Exception as error:  # noqa: BLE001 - problems.py maps every error
        return _serialized(problems.of_exception(error))
    refused = _refused(event)
    if refused:
        return _serialized(refused)
    app = resolver()
    app.append_context(caller=caller, ports=ports)  # type: ignore[no-untyped-call]
    answered: dict[str, Any] = app.resolve(_as_routes_know_it(event), context)
    return answered


def logged_answer(event: dict[str, Any], context: Any, ports: ApiPorts) -> dict[str, Any]:
    """Answer, and log one line.

    The line has neither path nor body, because those may have personal data; the order's id is the correlation id.
    """
    log = logger()
    log.append_keys(function_request_id=context.aws_request_id)
    log.set_correlation_id((event.get("pathParameters") or {}).get("order_id", ""))  # a new order's comes later
    answered = answer(event, context, ports)
    log.info(
        "answered", extra={"method": event["httpMethod"], "route": event["resource"], "code": answered["statusCode"]}
    )
    return answered


def _refused(event: dict[str, Any]) -> Response[str] | None:
    """Return the answer to a request that no route should have to deal with: unknown path, media type or size."""
    # A path with a line break is refused as well, because the routes' patterns would take the break for its end.
    if event["resource"] == UNKNOWN or not event["path"].isprintable():
        return problems.of_unknown_path()
    body = event.get("body")
    if not body:
        return None
    media_type = (_header(event, "content-type") or JSON).partition(";")[0].strip().lower()
    if media_type != JSON:
        return problems.problem(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, f"Content-Type: expected {JSON}")
    wrong = wrong_with(body)
    return problems.invalid(HTTPStatus.BAD_REQUEST, [{"field": "body", "message": wrong}]) if wrong else None


def _as_routes_know_it(event: dict[str, Any]) -> dict[str, Any]:
    """Return the event as Powertools' routes expect it.

    Removes the base path of a custom domain, which API Gateway leaves in front of `path` (`resource` has none), and the
    media type, which is checked already and which Powertools recognizes in lower case only.
    """
    known = event["resource"].count("/")
    headers = {name: value for name, value in event["headers"].items() if name.lower() != "content-type"}
    return {**event, "path": "/" + "/".join(event["path"].strip("/").split("/")[-known:]), "headers": headers}


def _header(event: dict[str, Any], name: str) -> str | None:
    headers = event.get("headers") or {}
    return next((value for key, value in headers.items() if key.lower() == name), None)


def _serialized(response: Response[str]) -> dict[str, Any]:
    headers = {**response.headers, "Content-Type": response.content_type}
    return {"statusCode": int(response.status_code), "headers": headers, "body": response.body}
