"""The API as one function: who asks and how much comes first, then the routes."""

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
UNKNOWN = "/{proxy+}"  # the resource of whatever has none of its own


class ApiPorts(Ports, Protocol):
    """The ports of the use cases, and that of the API itself."""

    @property
    def identity(self) -> Callers: ...


@cache
def resolver() -> APIGatewayRestResolver:
    """The routes with their validation; its OpenAPI schema is the documentation of the API."""
    app = APIGatewayRestResolver(enable_validation=True)
    app.include_router(router)
    app.exception_handler(RequestValidationError)(problems.of_invalid_request)
    app.not_found(problems.of_unknown_path)
    app.exception_handler(Exception)(problems.of_exception)
    return app


def answer(event: dict[str, Any], context: Any, ports: ApiPorts) -> dict[str, Any]:
    """An API Gateway proxy event in, its answer out. Nobody unknown learns whether his request was valid."""
    try:
        caller = ports.identity.identify(_header(event, "authorization"))
    except Exception as error:  # noqa: BLE001 - mapped where all errors are
        return _serialized(problems.of_exception(error))
    refused = _refused(event)
    if refused:
        return _serialized(refused)
    app = resolver()
    app.append_context(caller=caller, ports=ports)  # type: ignore[no-untyped-call]
    answered: dict[str, Any] = app.resolve(_as_routes_know_it(event), context)
    return answered


def logged_answer(event: dict[str, Any], context: Any, ports: ApiPorts) -> dict[str, Any]:
    """`answer` with one line of log: neither path nor body, because ids are the correlation id, the rest personal."""
    log = logger()
    log.append_keys(function_request_id=context.aws_request_id)
    log.set_correlation_id((event.get("pathParameters") or {}).get("order_id", ""))  # a new order gets its own later
    answered = answer(event, context, ports)
    log.info(
        "answered", extra={"method": event["httpMethod"], "route": event["resource"], "code": answered["statusCode"]}
    )
    return answered


def _refused(event: dict[str, Any]) -> Response[str] | None:
    """What no route should have to deal with: a path, a media type or a body that is none of this API's."""
    # API Gateway knows no such path, or routes would take a line break for the end of it
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
    """Without the base path of a custom domain, which API Gateway leaves in front of `path`: `resource` has none.

    And without the media type: it is looked at already, and Powertools knows it in small letters only.
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
