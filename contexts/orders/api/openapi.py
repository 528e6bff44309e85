"""The OpenAPI document of the API.

Powertools makes it from the routes. Here it loses answers that never come, and gets links from each answer to the next
calls, so that tools can walk the API.
"""

import json
import re
from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayRestResolver
from aws_lambda_powertools.event_handler.openapi.models import HTTPBearer

VERSION = "2.0.0"  # since 2 the customer is known by the token, and is no part of the body
ORDER = "$response.body#/order_id"
DECISIONS = ("accept_order", "reject_order", "cancel_order", "complete_order")
# operation -> where its answer has the id of an order, and the operations that may follow with that id
NEXT: dict[str, tuple[str, tuple[str, ...]]] = {
    "place_order": (ORDER, ("get_order", *DECISIONS)),
    "get_order": (ORDER, DECISIONS),
    "list_orders": ("$response.body#/orders/0/order_id", ("get_order", *DECISIONS)),
    "accept_order": (ORDER, ("get_order", "complete_order")),
    "reject_order": (ORDER, ("get_order",)),
    "cancel_order": (ORDER, ("get_order",)),
    "complete_order": (ORDER, ("get_order",)),
}
FROM_A_LIST: dict[str, dict[str, Any]] = {
    "next_page": {"operationId": "list_orders", "parameters": {"cursor": "$response.body#/next_cursor"}},
    "place_order": {"operationId": "place_order"},
}
LOCATION = {"description": "Where the order can be seen", "required": True, "schema": {"type": "string"}}
# Powertools documents a 422 with its own error for each route; this API answers with problems, declared at each route
POWERTOOLS_ERRORS = ("HTTPValidationError", "ValidationError", "ResponseValidationError")


def openapi(app: APIGatewayRestResolver) -> str:
    """The OpenAPI 3.1 document of the API, as JSON."""
    made = app.get_openapi_json_schema(
        title="Takeaway orders",
        version=VERSION,
        description="Place, follow and decide orders. Customers see their own orders, restaurants theirs.",
        security_schemes={"token": HTTPBearer(bearerFormat="JWT", description="Of the deployment's OIDC issuer")},
        security=[{"token": []}],
    )
    return json.dumps(_as_it_is(json.loads(made)), indent=2, ensure_ascii=False)


def _as_it_is(document: dict[str, Any]) -> dict[str, Any]:
    """Return the document with stable operation ids, with links, and without answers that never come."""
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            # Powertools makes ids of function, path and method; the function's name is unique, and outlives its path
            made_of_path = re.sub(r"\W", "_", path) + f"_{method}"
            operation["operationId"] = operation["operationId"].removesuffix(made_of_path)
            answers = operation["responses"]
            operation["responses"] = {code: answers[code] for code in sorted(answers) if not _foreign(answers[code])}
            _link(operation)
    for name in POWERTOOLS_ERRORS:
        document["components"]["schemas"].pop(name, None)
    return document


def _foreign(answer: dict[str, Any]) -> bool:
    schemas = [content["schema"].get("$ref", "") for content in answer["content"].values()]
    return any(schema.endswith(POWERTOOLS_ERRORS) for schema in schemas)


def _link(operation: dict[str, Any]) -> None:
    [success] = [answer for code, answer in operation["responses"].items() if code.startswith("2")]
    order, follow = NEXT[operation["operationId"]]
    success["links"] = {each: {"operationId": each, "parameters": {"order_id": order}} for each in follow}
    if operation["operationId"] == "list_orders":
        success["links"] |= FROM_A_LIST
    if operation["operationId"] == "place_order":
        success["headers"] = {"Location": LOCATION}
