"""The client of the API: its requests, and its reading of refusals."""

import json
from collections.abc import Callable

import httpx
import pytest

from takeaway.errors import FieldError, Refused, TakeawayError
from takeaway.run.client import api as client
from takeaway.run.client.api import OrdersApi

Answering = Callable[[httpx.Request], httpx.Response]


def api(answering: Answering) -> OrdersApi:
    return OrdersApi("http://engine/api", _client=[httpx.Client(transport=httpx.MockTransport(answering))])


def problem(status: int, headers: dict[str, str] | None = None, **fields: object) -> httpx.Response:
    content = json.dumps({"type": "about:blank", "title": "Problem", "status": status, **fields})
    return httpx.Response(status, headers={"content-type": "application/problem+json", **(headers or {})}, text=content)


def test_an_order_is_placed_with_its_key_and_token() -> None:
    seen: list[httpx.Request] = []

    def answering(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(202, json={"order_id": "order-1"})

    assert api(answering).place({"items": []}, token="a.b.c", idempotency_key="key-1") == "order-1"
    (request,) = seen
    assert str(request.url) == "http://engine/api/orders"
    assert request.headers["idempotency-key"] == "key-1"
    assert request.headers["authorization"] == "Bearer a.b.c"
    assert json.loads(request.content) == {"items": []}


def test_every_field_that_is_wrong_is_told() -> None:
    errors = [{"field": "items", "message": "too short"}, {"field": "customer.email", "message": "not an address"}]
    with pytest.raises(Refused) as raised:
        api(lambda _: problem(422, detail="not valid", errors=errors)).place({}, token="t", idempotency_key="k")
    assert raised.value.errors == (FieldError("items", "too short"), FieldError("customer.email", "not an address"))
    assert str(raised.value) == "Problem: not valid (422)\n  items: too short\n  customer.email: not an address"


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (httpx.Response(403, json={"message": "Missing Authentication Token"}), "Missing Authentication Token (403)"),
        (httpx.Response(502, text="<html>"), "Bad Gateway (502)"),
        (httpx.Response(500, json=["?"]), "Internal Server Error (500)"),
    ],
)
def test_what_a_gateway_says_is_told_too(answer: httpx.Response, told: str) -> None:
    with pytest.raises(Refused, match=f"^{told.replace('(', '[(]').replace(')', '[)]')}$"):
        api(lambda _: answer).order("order-1", token="t")


def test_come_again_soon_is_heeded(monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float] = []
    monkeypatch.setattr(client.time, "sleep", waits.append)
    answers = [
        problem(409, {"Retry-After": "1"}),
        problem(429, {"Retry-After": "2"}),
        httpx.Response(200, json={"ok": 1}),
    ]
    assert api(lambda _: answers.pop(0)).act("accept", "order-1", token="t") == {"ok": 1}
    assert waits == [1, 2]


def test_a_decision_that_stands_is_told_at_once() -> None:
    calls: list[httpx.Request] = []

    def answering(request: httpx.Request) -> httpx.Response:
        calls.append(request)
        return problem(409, detail="the order is REJECTED")

    with pytest.raises(Refused, match="REJECTED"):
        api(answering).act("accept", "order-1", token="t")
    assert len(calls) == 1


def test_patience_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Refused, match="503"):
        api(lambda _: problem(503, {"Retry-After": "3600"})).order("order-1", token="t")


def test_an_api_that_does_not_answer_is_told_with_the_way_out() -> None:
    def answering(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused", request=request)

    with pytest.raises(TakeawayError, match=r"does not answer .*takeaway status"):
        api(answering).order("order-1", token="t")
