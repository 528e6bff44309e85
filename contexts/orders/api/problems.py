"""Refusals and errors as RFC 9457 problem details: the only place where one becomes an HTTP status."""

import json
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.exceptions import RequestValidationError

from contexts.orders.api.cursors import InvalidCursor
from contexts.orders.application.callers import IssuerUnavailable, Unauthenticated
from contexts.orders.application.ports import Conflict
from contexts.orders.domain.refusals import (
    Forbidden,
    KeyReused,
    NotPlacedYet,
    NoVerifiedAddress,
    OrderNotWaiting,
    Refusal,
    TooManyOrders,
    UnknownOrder,
)
from contexts.orders.observability import logger

SOON = {"Retry-After": "1"}
STATUS: dict[type[Exception | Refusal], tuple[HTTPStatus, dict[str, str]]] = {
    Unauthenticated: (HTTPStatus.UNAUTHORIZED, {"WWW-Authenticate": 'Bearer realm="takeaway"'}),
    Forbidden: (HTTPStatus.FORBIDDEN, {}),
    UnknownOrder: (HTTPStatus.NOT_FOUND, {}),
    OrderNotWaiting: (HTTPStatus.CONFLICT, {}),
    NotPlacedYet: (HTTPStatus.CONFLICT, SOON),
    Conflict: (HTTPStatus.CONFLICT, SOON),
    KeyReused: (HTTPStatus.UNPROCESSABLE_ENTITY, {}),
    NoVerifiedAddress: (HTTPStatus.FORBIDDEN, {}),
    TooManyOrders: (HTTPStatus.TOO_MANY_REQUESTS, {}),
    InvalidCursor: (HTTPStatus.BAD_REQUEST, {}),
    IssuerUnavailable: (HTTPStatus.SERVICE_UNAVAILABLE, SOON),
}


class Refused(Exception):
    """Carries a refusal out of a route, because a route's return type is its success alone."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(str(refusal))
        self.refusal = refusal


OUR_OWN = "Value error, "  # pydantic's prefix to the message of a check of ours


def of_exception(error: Exception) -> Response[str]:
    """Return the answer to a refusal or a failure.

    An unforeseen error is logged whole, and told without its text, which may have personal data.
    """
    if isinstance(error, IssuerUnavailable):  # logged here, because callers are not told the reason
        logger().warning("the issuer's keys can't be had", exc_info=error)
    said = error.refusal if isinstance(error, Refused) else error
    for kind, (status, headers) in STATUS.items():
        if isinstance(said, kind):
            waits = {"Retry-After": str(said.seconds)} if isinstance(said, TooManyOrders) else headers
            return problem(status, str(said), headers=waits, **_extension(said))
    logger().exception("unforeseen error")
    return problem(HTTPStatus.INTERNAL_SERVER_ERROR, "the request could not be carried out; it is safe to repeat it")


def of_invalid_request(error: RequestValidationError) -> Response[str]:
    """Return the answer that lists every wrong field by its path.

    The status is 400 for malformed JSON, headers and queries, 422 for values that are not allowed.
    """
    found = [_field(entry) for entry in error.errors()]
    malformed = any(
        entry["type"] == "json_invalid" or entry["loc"][0] in ("header", "query") for entry in error.errors()
    )
    status = HTTPStatus.BAD_REQUEST if malformed else HTTPStatus.UNPROCESSABLE_ENTITY
    return invalid(status, found)


def of_unknown_path(_: Exception | None = None) -> Response[str]:
    return problem(HTTPStatus.NOT_FOUND, "there is no such path, or it does not take this method")


def invalid(status: HTTPStatus, errors: Iterable[Mapping[str, str]]) -> Response[str]:
    listed = list(errors)
    return problem(status, f"not valid: {', '.join(error['field'] for error in listed)}", errors=listed)


def problem(
    status: HTTPStatus, detail: str, *, headers: Mapping[str, str] | None = None, **extension: Any
) -> Response[str]:
    """Make an answer of media type application/problem+json.

    `type` is about:blank, so the status tells the kind of problem and `detail` what happened this time.
    """
    body = {"type": "about:blank", "title": status.phrase, "status": status.value, "detail": detail, **extension}
    # escaped to ASCII, because it may quote half of a surrogate pair from the request, which UTF-8 can't encode
    return Response(status, "application/problem+json", json.dumps(body), dict(headers or {}))


def _extension(said: Exception | Refusal) -> dict[str, Any]:
    if isinstance(said, OrderNotWaiting):
        order = said.order
        return {"order_status": order.status, "decision": order.decision, "completion": order.completion}
    if isinstance(said, InvalidCursor):
        return {"errors": [{"field": "cursor", "message": str(said)}]}
    return {}


def _field(entry: Mapping[str, Any]) -> dict[str, str]:
    place, *path = entry["loc"]
    if entry["type"] == "json_invalid":
        path = []
    return {"field": ".".join(map(str, path)) or str(place), "message": str(entry["msg"]).removeprefix(OUR_OWN)}
