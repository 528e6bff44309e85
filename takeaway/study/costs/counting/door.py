"""API Gateway in memory: people with tokens call it, and it runs the templates' functions."""

import io
import json
import re
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx

from takeaway.check.templates.resolved import Resource
from takeaway.issuer import LocalIssuer
from takeaway.run.client.api import OrdersApi
from takeaway.run.client.people import contact
from takeaway.study.costs.counting.account import Account, Crashed

METHOD, PART = "AWS::ApiGateway::Method", "AWS::ApiGateway::Resource"


class InMemory:
    """A system that people can order from in memory; it signs their tokens itself."""

    def __init__(self, account: Account, issuer_url: str, audience: str, folder: Path) -> None:
        self._audience = audience
        self.api = OrdersApi("http://api", _client=[httpx.Client(transport=Gateway(account))])
        self.tokens = self
        self._issuer = LocalIssuer(issuer_url, folder / "key.pem")
        documents = {self._issuer.address(path): each for path, each in self._issuer.documents().items()}

        def opened(url: str, **_: object) -> io.BytesIO:
            return io.BytesIO(json.dumps(documents[url]).encode())

        # Replaces urllib's opener for the whole process, so that functions get the issuer's documents from memory.
        urllib.request.build_opener = lambda *_: SimpleNamespace(open=opened)  # type: ignore[assignment]

    def customer(self, subject: str, *, name: str = "", email: str = "") -> str:
        who = contact(subject, name=name, email=email)
        return self._issuer.token(role="customer", subject=subject, aud=self._audience, **who)

    def restaurant(self, restaurant_id: str) -> str:
        return self._issuer.token(role="restaurant", subject="staff", restaurant_id=restaurant_id, aud=self._audience)


class Gateway(httpx.BaseTransport):
    """Runs the function behind a path like a Lambda proxy integration; a crash becomes a 502, as on AWS."""

    def __init__(self, account: Account) -> None:
        self._account = account
        parts = {part.name: part.properties for part in account.deployed.of(PART)}
        self._behind = {
            (method.properties["HttpMethod"], _path(parts, method.properties["ResourceId"])): method
            for method in account.deployed.of(METHOD)
        }

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        behind, resource, parameters = self._found(request.method, request.url.path)
        with self._account.meter.paid_by(behind.context):
            self._account.meter.add(api_requests=1)
        event = {
            "httpMethod": request.method,
            "path": request.url.path,
            "resource": resource,
            "pathParameters": parameters or None,
            "headers": dict(request.headers),
            "multiValueHeaders": {name: [value] for name, value in request.headers.items()},
            "queryStringParameters": None,
            "multiValueQueryStringParameters": None,
            "requestContext": {"stage": "api"},
            "body": request.read().decode() or None,
            "isBase64Encoded": False,
        }
        try:
            answer = self._account.invoke(behind.properties["Integration"]["Uri"], event)
        except Crashed:
            return httpx.Response(502, json={"message": "Internal server error"})
        return httpx.Response(answer["statusCode"], text=answer["body"])

    def _found(self, method: str, path: str) -> tuple[Resource, str, dict[str, Any]]:
        """Find the method for a path, its resource, and the values of the path's parameters. Raises LookupError."""
        for (verb, resource), behind in self._behind.items():
            pattern = re.sub(r"{(\w+)}", r"(?P<\1>[^/]+)", resource)
            if verb == method and (fits := re.fullmatch(pattern, path)):
                return behind, resource, fits.groupdict()
        raise LookupError(f"no {method} {path}")


def _path(parts: Mapping[str, Mapping[str, Any]], resource: str) -> str:
    part = parts.get(resource)
    return f"{_path(parts, part['ParentId'])}/{part['PathPart']}" if part else ""
