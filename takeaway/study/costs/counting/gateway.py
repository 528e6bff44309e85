"""API Gateway in memory: brings a request of the client to the function behind it, as a proxy integration does."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import httpx

from takeaway.check.templates.resolved import Deployed, Resource
from takeaway.issuer import LocalIssuer
from takeaway.run.client.api import OrdersApi
from takeaway.run.client.people import contact
from takeaway.study.costs.counting.functions import Crashed, Functions
from takeaway.study.costs.units import Units

METHOD, PART = "AWS::ApiGateway::Method", "AWS::ApiGateway::Resource"
URL = "http://api"


class Gateway(httpx.BaseTransport):
    """A function that crashes is a 502, as there."""

    def __init__(self, deployed: Deployed, functions: Functions) -> None:
        self._functions = functions
        parts = {part.name: part.properties for part in deployed.of(PART)}
        self._behind = {
            (method.properties["HttpMethod"], _path(parts, method.properties["ResourceId"])): method
            for method in deployed.of(METHOD)
        }

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        behind, resource, parameters = self._found(request.method, request.url.path)
        with self._functions.paid_by(behind.context):
            self._functions.add(Units(api_requests=Decimal(1)))
        body = request.read()
        event = {
            "httpMethod": request.method,
            "path": request.url.path,
            "resource": resource,
            "pathParameters": parameters,
            "headers": dict(request.headers),
            "multiValueHeaders": {name: [value] for name, value in request.headers.items()},
            "queryStringParameters": None,
            "multiValueQueryStringParameters": None,
            "requestContext": {"stage": "api"},
            "body": body.decode() if body else None,
            "isBase64Encoded": False,
        }
        try:
            answer = self._functions.invoke(behind.properties["Integration"]["Uri"], event)
        except Crashed:
            return httpx.Response(502, json={"message": "Internal server error"})
        return httpx.Response(answer["statusCode"], text=answer["body"])

    def _found(self, method: str, path: str) -> tuple[Resource, str, Mapping[str, str] | None]:
        """The method behind a path, its resource, and what stands where the resource has a parameter."""
        steps = path.split("/")
        for (verb, resource), behind in self._behind.items():
            pattern = resource.split("/")
            if verb == method and len(pattern) == len(steps):
                pairs = list(zip(pattern, steps, strict=True))
                if all(part == step or part.startswith("{") for part, step in pairs):
                    given = {part.strip("{}"): step for part, step in pairs if part.startswith("{")}
                    return behind, resource, given or None
        raise LookupError(f"no {method} {path}")


class InMemory:
    """A system that people can order from, though nothing of it is deployed; it signs their tokens itself."""

    def __init__(self, gateway: Gateway, issuer: LocalIssuer) -> None:
        self.api = OrdersApi(URL, _client=[httpx.Client(transport=gateway)])
        self.tokens = self
        self._issuer = issuer

    def customer(self, subject: str, *, name: str = "", email: str = "") -> str:
        return self._issuer.token(role="customer", subject=subject, **contact(subject, name=name, email=email))

    def restaurant(self, restaurant_id: str) -> str:
        return self._issuer.token(role="restaurant", subject="staff", restaurant_id=restaurant_id)


def _path(parts: Mapping[str, Mapping[str, Any]], resource: str) -> str:
    part = parts.get(resource)
    return f"{_path(parts, part['ParentId'])}/{part['PathPart']}" if part else ""
