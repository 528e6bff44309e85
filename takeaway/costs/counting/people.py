"""Customers and restaurants, who call the API as API Gateway brings their calls to its functions."""

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import uuid4

from takeaway.costs.counting.functions import Crashed, Functions
from takeaway.costs.units import Units
from takeaway.issuer import LocalIssuer
from takeaway.templates.resolved import Deployed

METHOD, PART = "AWS::ApiGateway::Method", "AWS::ApiGateway::Resource"
CUSTOMERS = {"cancel"}  # who makes a call; the others are the restaurant's
REASON = {"reason": "Kitchen is closing"}


class NotCounted(Exception):
    """The system refused what has to be counted; the message has its answer."""


class People:
    """`order` is what each customer orders."""

    def __init__(self, deployed: Deployed, functions: Functions, order: Mapping[str, Any], issuer: LocalIssuer) -> None:
        self._functions, self._order = functions, order
        parts = {part.name: part.properties for part in deployed.of(PART)}
        self._behind = {
            (method.properties["HttpMethod"], _path(parts, method.properties["ResourceId"])): method
            for method in deployed.of(METHOD)
        }
        self._customer = issuer.token(role="customer", subject=str(uuid4()))
        self._restaurant = issuer.token(role="restaurant", subject="staff", restaurant_id=order["restaurant_id"])

    def place(self, special: Mapping[str, Any] | None = None) -> str | None:
        """The order's id; None if the function failed. `special` is what this order has otherwise."""
        placed = self._call("POST", "/orders", self._customer, body={**self._order, **(special or {})})
        return str(placed["order_id"]) if placed else None

    def decide(self, order_id: str, action: str) -> None:
        token = self._customer if action in CUSTOMERS else self._restaurant
        self._call("POST", f"/orders/{{order_id}}/{action}", token, order_id, REASON if action == "reject" else None)

    def view(self, order_id: str) -> None:
        self._call("GET", "/orders/{order_id}", self._customer, order_id)

    def list(self) -> None:
        self._call("GET", "/orders", self._restaurant)

    def _call(
        self, method: str, path: str, token: str, order_id: str | None = None, body: Any = None
    ) -> dict[str, Any] | None:
        behind = self._behind[method, path]
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        if path == "/orders" and method == "POST":
            headers["Idempotency-Key"] = str(uuid4())
        with self._functions.paid_by(behind.context):
            self._functions.add(Units(api_requests=Decimal(1)))
        event = {
            "httpMethod": method,
            "path": path.replace("{order_id}", order_id or ""),
            "resource": path,
            "pathParameters": {"order_id": order_id} if order_id else None,
            "headers": headers,
            "multiValueHeaders": {name: [value] for name, value in headers.items()},
            "queryStringParameters": None,
            "multiValueQueryStringParameters": None,
            "requestContext": {"stage": "api"},
            "body": json.dumps(body) if body is not None else None,
            "isBase64Encoded": False,
        }
        try:
            answer = self._functions.invoke(behind.properties["Integration"]["Uri"], event)
        except Crashed:
            return None
        if answer["statusCode"] >= 400:  # noqa: PLR2004 - HTTP
            raise NotCounted(f"{method} {path}: {answer['statusCode']} {answer['body']}")
        read: dict[str, Any] = json.loads(answer["body"])
        return read


def _path(parts: Mapping[str, Mapping[str, Any]], resource: str) -> str:
    part = parts.get(resource)
    return f"{_path(parts, part['ParentId'])}/{part['PathPart']}" if part else ""
