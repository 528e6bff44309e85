"""The API function, from API Gateway's event to its answer; the world behind it is in memory."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import urljoin

import pytest

from contexts.orders.adapters.eventbridge_events import MAX_BYTES
from contexts.orders.api.bodies import MAX_BYTES as MAX_BODY_BYTES
from contexts.orders.api.service import answer
from contexts.orders.application.ports import CallbackLost, Wait
from contexts.orders.domain.lifecycle import Decision, Status, change_to
from contexts.orders.domain.order import Order
from contexts.orders.published_events import event_of
from tests.fakes.orders import ALICE, NOON, ORDER_ID, World, draft

RESOURCES = {"accept", "reject", "cancel", "complete"}


def body(**changes: Any) -> dict[str, Any]:
    order = {
        "restaurant_id": "trattoria-roma",
        "items": [{"name": "Margherita", "quantity": 2, "unit_price": {"amount": 950, "currency": "EUR"}}],
        "delivery_address": "Via Appia 1",
        "note": "ring twice 🔔",
    }
    return {**order, **changes}


def item(**changes: Any) -> dict[str, Any]:
    return {"name": "Tea", "quantity": 1, "unit_price": {"amount": 1, "currency": "EUR"}, **changes}


def event(
    method: str,
    path: str,
    sent: Any,
    headers: dict[str, str],
    query: dict[str, str] | None = None,
) -> dict[str, Any]:
    """Return a request as API Gateway passes it on, below the URL of a stage."""
    return {
        "httpMethod": method,
        "path": path,
        "resource": path,
        "headers": headers,
        "multiValueHeaders": {key: [value] for key, value in headers.items()},
        "queryStringParameters": query or None,
        "multiValueQueryStringParameters": {key: [value] for key, value in (query or {}).items()} or None,
        "requestContext": {"stage": "api", "path": f"/api{path}"},
        "body": sent if isinstance(sent, str | None) else json.dumps(sent),
        "isBase64Encoded": False,
    }


def call(
    world: World,
    method: str,
    path: str,
    sent: Any = None,
    *,
    who: str | None = "alice",
    headers: dict[str, str] | None = None,
    query: dict[str, str] | None = None,
) -> tuple[int, dict[str, Any], dict[str, str]]:
    sent_headers = {"Content-Type": "application/json", **(headers or {})}
    if who:
        sent_headers["Authorization"] = f"Bearer {who}"
    got = answer(event(method, path, sent, sent_headers, query), None, world)
    returned = got.get("headers") or {key: values[0] for key, values in got["multiValueHeaders"].items()}
    return got["statusCode"], json.loads(got["body"]), returned


def place(world: World, sent: Any = None, *, key: str = "key-1", who: str | None = "alice") -> tuple[int, Any, Any]:
    return call(world, "POST", "/orders", sent or body(), who=who, headers={"Idempotency-Key": key})


def placed() -> Order:
    return draft().become(Status.PLACED, NOON).restaurant_notified(NOON)


def test_an_order_is_accepted_for_processing_and_says_where_to_look() -> None:
    world = World()
    status, receipt, headers = place(world)
    assert status == 202
    assert headers["Location"] == f"orders/{receipt['order_id']}"
    assert world.workflow.started == {receipt["order_id"]: 1}
    stored = world.orders.get(receipt["order_id"])
    assert (stored.customer.customer_id, stored.total.amount, stored.note) == ("alice", 1900, "ring twice 🔔")


@pytest.mark.parametrize(
    ("method", "resource", "path"),
    [
        ("GET", "/", "/"),
        ("GET", "/{proxy+}", "/nothing"),
        ("GET", "/{proxy+}", "/nothing/orders"),
        ("POST", "/{proxy+}", "/v2/orders"),
        ("DELETE", "/orders", "/orders"),
        ("PUT", "/orders/{order_id}", f"/orders/{ORDER_ID}"),
        ("GET", "/orders/{order_id}/accept", f"/orders/{ORDER_ID}/accept"),
    ],
)
def test_what_the_api_has_not_is_a_problem_like_any_other(method: str, resource: str, path: str) -> None:
    world = World()
    asked = event(method, path, body(), {"Authorization": "Bearer alice", "Idempotency-Key": "k"})
    got = answer({**asked, "resource": resource}, None, world)
    assert (got["statusCode"], json.loads(got["body"])["status"]) == (404, 404)
    assert world.workflow.started == {}
    stranger = answer({**asked, "resource": resource, "headers": {}}, None, world)
    assert stranger["statusCode"] == 401


STAGE = {"domainName": "a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com", "stage": "api"}
DOMAIN = {"domainName": "shop.example.com", "stage": "api"}


@pytest.mark.parametrize(
    ("context", "path", "asked"),
    [
        (STAGE, "", "/api"),
        (DOMAIN, "", ""),
        (DOMAIN, "/shop", "/shop"),
        (DOMAIN, "/eu/v1.2", "/eu/v1.2"),
        (DOMAIN, "/orders", "/orders"),
        (DOMAIN, "/orders/accept", "/orders/accept"),
    ],
)
@pytest.mark.parametrize("slash", ["", "/"])
def test_the_api_works_and_points_rightly_wherever_it_is_mounted(
    context: dict[str, str], path: str, asked: str, slash: str
) -> None:
    """`path` and `requestContext.path` are those that API Gateway sends, with a domain's base path or a stage."""
    world = World()

    def request(method: str, resource: str, below: str, who: str, sent: Any = None) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {who}", "Idempotency-Key": "k"}
        order_id = {"order_id": below.split("/")[2]} if "{" in resource else None
        told = {
            **event(method, f"{path}{below}", sent, headers),
            "resource": resource,
            "pathParameters": order_id,
            "requestContext": {**context, "resourcePath": resource, "path": f"{asked}{below}"},
        }
        return answer(told, None, world)

    got = request("POST", "/orders", f"/orders{slash}", "alice", body())
    assert got["statusCode"] == 202
    host = f"https://{context['domainName']}"
    location = urljoin(f"{host}{asked}/orders{slash}", got["multiValueHeaders"]["Location"][0])
    order_id = json.loads(got["body"])["order_id"]
    assert location == f"{host}{asked}/orders/{order_id}"
    world.holding(world.orders.get(order_id).become(Status.PLACED, NOON))
    below = f"/orders/{order_id}"
    assert request("GET", "/orders", f"/orders{slash}", "alice")["statusCode"] == 200
    assert request("GET", "/orders/{order_id}", f"{below}{slash}", "alice")["statusCode"] == 200
    assert request("POST", "/orders/{order_id}/accept", f"{below}/accept{slash}", "roma")["statusCode"] == 200
    assert request("POST", "/orders/{order_id}/cancel", f"{below}/cancel", "alice")["statusCode"] == 409


def test_the_same_key_and_body_are_the_same_order_and_another_body_is_refused() -> None:
    world = World()
    first = place(world)
    assert place(world) == first
    assert place(world, json.dumps(body(), indent=4)) == first  # the same JSON, formatted differently
    status, problem, _ = place(world, body(note="another"))
    assert (status, problem["status"]) == (422, 422)
    assert "Idempotency-Key" in problem["detail"]
    assert place(world, key="key-2")[1] != first[1]


def test_two_customers_may_choose_the_same_key() -> None:
    world = World()
    world.identity.known["bob"] = type(world.identity.known["alice"])(world.identity.known["alice"].role, "bob")
    assert place(world)[1] != place(world, who="bob")[1]


def test_an_idempotency_key_is_required() -> None:
    status, problem, _ = call(World(), "POST", "/orders", body())
    assert status == 400
    assert [error["field"].lower() for error in problem["errors"]] == ["idempotency-key"]


EMAIL = "alice@example.com"
# both ends of each refused range: C0, C1, separators, bidi controls, noncharacters
CONTROLS = "\0\t\n\v\r\x1f\x7f\x80\x85\x9f\u061c\u200e\u200f\u2028\u2029\u202a\u202e\u2066\u2069\ufffe\uffff"
REFUSED_BY_SES = [
    "zoë@example.com",
    "xn--zo-jia@example.com",
    f"{'a' * 65}@example.com",
    f"a@{'b.' * 126}com",
    "a@xn--ü.example.com",
    "a@xn--a.example.com",
    f"a@{'ü' * 60}.example.com",
    "Al <al@example.com>",
    '"a b"@example.com',
    "al@example.com\nbcc: eve@example.com",
]
BAD_FIELDS = [
    ({"items": []}, ["items"]),
    ({"items": [item()] * 101}, ["items"]),
    ({"items": [item(quantity=0)]}, ["items.0.quantity"]),
    ({"items": [item(quantity=1.5)]}, ["items.0.quantity"]),
    ({"items": [item(quantity="2")]}, ["items.0.quantity"]),
    ({"items": [item(unit_price={"amount": -1, "currency": "EUR"})]}, ["items.0.unit_price.amount"]),
    ({"items": [item(unit_price={"amount": 9.5, "currency": "EUR"})]}, ["items.0.unit_price.amount"]),
    ({"items": [item(unit_price={"amount": True, "currency": "EUR"})]}, ["items.0.unit_price.amount"]),
    ({"items": [item(unit_price={"amount": 1, "currency": "EUX"})]}, ["items.0.unit_price.currency"]),
    ({"items": [item(unit_price={"amount": 1, "currency": "eur"})]}, ["items.0.unit_price.currency"]),
    ({"items": [item(unit_price={"amount": 1, "currency": "XAU"})]}, ["items.0.unit_price.currency"]),
    ({"items": [item(), item(unit_price={"amount": 1, "currency": "JPY"})]}, ["items"]),
    ({"customer": {"name": "Bob", "email": "bob@example.com"}}, ["customer"]),
    ({"restaurant_id": "../etc", "delivery_address": " "}, ["restaurant_id", "delivery_address"]),
    ({"total": 1, "coupon": "x"}, ["total", "coupon"]),
    ({"note": "x" * 1001}, ["note"]),
    ({"note": "\ud800"}, ["note"]),
    ({"note": None}, ["note"]),
    *[({"items": [item(name=f"Tea{control}")]}, ["items.0.name"]) for control in CONTROLS],
    *[({"note": f"{control}ring", "delivery_address": f"Via{control}1"}, ["delivery_address", "note"])
      for control in CONTROLS if control not in "\r\n"],
]  # fmt: skip


@pytest.mark.parametrize(("wrong", "fields"), BAD_FIELDS, ids=[",".join(fields) for _, fields in BAD_FIELDS])
def test_every_field_that_is_wrong_is_named_and_nothing_is_started(wrong: dict[str, Any], fields: list[str]) -> None:
    world = World()
    status, problem, headers = place(world, body(**wrong))
    assert status == 422
    assert headers["Content-Type"] == "application/problem+json"
    assert [error["field"] for error in problem["errors"]] == fields
    assert all(error["message"] for error in problem["errors"])
    assert not world.workflow.started
    assert not world.orders.stored


def test_a_number_that_is_whole_may_be_written_with_a_point() -> None:
    world = World()
    sent = body(items=[item(quantity=2.0, unit_price={"amount": 950.0, "currency": "EUR"})])
    total = world.orders.get(place(world, sent)[1]["order_id"]).total
    assert (repr(total.amount), total.currency) == ("1900", "EUR")


@pytest.mark.parametrize("text", ["Zoë O'Brien 🍕", "ابن سينا", "Ἀθηνᾶ", "李 小龍", "a\u200db"])
def test_a_line_in_any_script_is_taken_as_it_is(text: str) -> None:
    world = World()
    world.identity.known["alice"] = replace(ALICE, name=text)
    order_id = place(world, body(items=[item(name=text)]))[1]["order_id"]
    stored = world.orders.get(order_id)
    assert (stored.customer.name, stored.items[0].name) == (text, text)


def test_where_a_line_may_end_it_ends_with_a_line_feed() -> None:
    world = World()
    sent = body(note="ring twice\r\nthen wait\n", delivery_address="Via Appia 1\r00100 Roma")
    stored = world.orders.get(place(world, sent)[1]["order_id"])
    assert (stored.note, stored.delivery_address) == ("ring twice\nthen wait\n", "Via Appia 1\n00100 Roma")


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("anna@xn--bcher-kva.example.com", "anna@bücher.example.com"),
        ("anna@BÜCHER.example.com", "anna@bücher.example.com"),
        ("Anna+tea@Example.com", "Anna+tea@example.com"),
    ],
)
def test_a_domain_in_any_script_is_taken_also_as_punycode(address: str, kept: str) -> None:
    world = World()
    world.identity.known["alice"] = replace(ALICE, email=address)
    assert world.orders.get(place(world)[1]["order_id"]).customer.email == kept


@pytest.mark.parametrize("address", ["", "no address", *REFUSED_BY_SES])
def test_who_has_no_address_that_mail_can_go_to_places_no_order(address: str) -> None:
    world = World()
    world.identity.known["alice"] = replace(ALICE, email=address)
    status, problem, _ = place(world)
    assert status == 403
    assert "email_verified" in problem["detail"]
    assert not world.orders.stored
    assert not world.workflow.started


@pytest.mark.parametrize("name", ["", " ", "x" * 201, "\ud800", *(f"A{control}B" for control in CONTROLS)])
def test_a_name_that_fits_into_no_line_is_left_out(name: str) -> None:
    world = World()
    world.identity.known["alice"] = replace(ALICE, name=name)
    assert world.orders.get(place(world)[1]["order_id"]).customer.name == "Guest"


def test_who_orders_too_fast_is_told_to_wait_and_what_is_placed_already_is_answered_all_the_same() -> None:
    world = World()
    first = place(world)[1]["order_id"]
    world.allowances.wait = timedelta(seconds=41.2)
    status, problem, headers = place(world, key="key-2")
    assert (status, headers["Retry-After"]) == (429, "42")
    assert "try again in 42 s" in problem["detail"]
    assert place(world)[:2] == (202, {"order_id": first})
    assert [*world.orders.stored] == [first]
    assert {*world.allowances.asked} == {"alice"}


def test_the_largest_order_that_is_taken_makes_no_event_that_the_bus_refuses() -> None:
    world = World()
    room = MAX_BODY_BYTES - len(json.dumps(body(items=[item(name="") for _ in range(100)], note=""))) - 1
    dishes = [item(name="大" * (room // 100 // 3)) for _ in range(100)]
    sent = json.dumps(body(items=dishes, note=""), ensure_ascii=False)
    assert MAX_BODY_BYTES * 0.95 < len(sent.encode()) <= MAX_BODY_BYTES
    order = world.orders.get(place(world, sent)[1]["order_id"])
    placed = event_of(order.become(Status.PLACED, NOON), change_to(Status.PLACED))
    assert len(json.dumps(placed.detail, ensure_ascii=False).encode()) < MAX_BYTES / 3


@pytest.mark.parametrize(
    "sent", ["{", "", "nul", "[" * 60_000, json.dumps(body(note="x" * MAX_BODY_BYTES)), '{"a": "\\"']
)
def test_a_body_that_is_no_json_or_too_large_is_refused(sent: str) -> None:
    world = World()
    status, problem, _ = call(world, "POST", "/orders", sent, headers={"Idempotency-Key": "k"})
    assert status in (400, 422)
    assert problem["errors"][0]["field"] == "body"
    assert not world.workflow.started


@pytest.mark.parametrize("sent", ["[]", "1", '"text"', "null"])
def test_a_body_that_is_no_object_is_refused(sent: str) -> None:
    world = World()
    assert call(world, "POST", "/orders", sent, headers={"Idempotency-Key": "k"})[0] == 422
    assert not world.workflow.started


def test_nobody_unknown_gets_in_whatever_he_sends() -> None:
    for who, sent in [(None, body()), ("mallory", body()), (None, "{")]:
        status, problem, headers = call(World(), "POST", "/orders", sent, who=who)
        assert (status, problem["title"]) == (401, "Unauthorized")
        assert headers["WWW-Authenticate"].startswith("Bearer")


def test_a_restaurant_places_no_orders() -> None:
    world = World()
    assert place(world, who="roma")[0] == 403
    assert not world.workflow.started


def test_an_order_is_shown_to_its_customer_and_without_the_mail_address_to_its_restaurant() -> None:
    world = World().holding(placed())
    status, mine, _ = call(world, "GET", f"/orders/{ORDER_ID}")
    assert status == 200
    assert mine["total"] == {"amount": 1900, "currency": "EUR"}
    assert [entry["change"] for entry in mine["history"]] == ["order_placed", "restaurant_notified"]
    assert mine["customer"]["email"] == "alice@example.com"
    _, theirs, _ = call(world, "GET", f"/orders/{ORDER_ID}", who="roma")
    assert theirs["customer"] == {"name": "Alice Ångström", "email": None}


def test_somebody_elses_order_is_not_there() -> None:
    world = World().holding(draft(restaurant_id="napoli"))
    for method, action in [("GET", ""), ("POST", "/accept"), ("POST", "/complete"), ("POST", "/cancel")]:
        assert call(world, method, f"/orders/{ORDER_ID}{action}", who="roma")[0] == 404
        assert call(world, method, f"/orders/unknown{action}", who="roma")[0] == 404


def test_an_unknown_path_is_a_problem_like_any_other() -> None:
    for path in ("/elsewhere", "/orders/\n", "/orders\n"):
        status, problem, headers = call(World(), "GET", path)
        assert (status, problem["status"], headers["Content-Type"]) == (404, 404, "application/problem+json")


def test_a_body_of_another_kind_than_json_is_refused() -> None:
    world = World()
    for kind in ("text/plain", "multipart/form-data", "application/x-www-form-urlencoded"):
        headers = {"Idempotency-Key": "k", "Content-Type": kind}
        assert call(world, "POST", "/orders", body(), headers=headers)[0] == 415
    assert not world.workflow.started


def test_a_task_token_is_in_no_answer() -> None:
    world = World().holding(placed())
    world.orders.tokens = {(ORDER_ID, wait): "secret-token" for wait in Wait}
    for method, path, who in [("GET", "", "alice"), ("POST", "/accept", "roma"), ("POST", "/complete", "roma")]:
        status, answered, _ = call(world, method, f"/orders/{ORDER_ID}{path}", who=who)
        assert status == 200
        assert "secret-token" not in json.dumps(answered)


def test_who_comes_second_is_told_what_was_decided() -> None:
    world = World().holding(placed())
    assert call(world, "POST", f"/orders/{ORDER_ID}/cancel")[0] == 200
    status, problem, _ = call(world, "POST", f"/orders/{ORDER_ID}/accept", who="roma")
    assert (status, problem["decision"], problem["order_status"]) == (409, "cancelled", "PLACED")


def test_a_draft_asks_for_patience() -> None:
    status, _, headers = call(World().holding(draft()), "POST", f"/orders/{ORDER_ID}/cancel")
    assert (status, headers["Retry-After"]) == (409, "1")


def test_a_rejection_has_a_reason() -> None:
    world = World().holding(placed())
    lines = [{"reason": f"closed{control}now"} for control in CONTROLS]
    for wrong in ({}, {"reason": ""}, {"reason": "x" * 201}, {"reason": "closed", "why": "more"}, *lines):
        assert call(world, "POST", f"/orders/{ORDER_ID}/reject", wrong, who="roma")[0] == 422
    status, order, _ = call(world, "POST", f"/orders/{ORDER_ID}/reject", {"reason": "closed"}, who="roma")
    assert (status, order["decision"], order["reason"]) == (200, "rejected", "closed")


def test_a_decision_stands_although_its_callback_was_lost() -> None:
    world = World().holding(placed())
    world.orders.tokens = {(ORDER_ID, Wait.DECISION): "t"}
    world.workflow.failure = CallbackLost("network")
    assert call(world, "POST", f"/orders/{ORDER_ID}/accept", who="roma")[0] == 200
    assert world.orders.get(ORDER_ID).decision is Decision.ACCEPTED


def test_what_nobody_foresaw_tells_nothing_of_its_inside() -> None:
    world = World()
    world.workflow.failure = RuntimeError("arn:aws:secret")
    status, problem, _ = place(world)
    assert (status, problem["title"]) == (500, "Internal Server Error")
    assert "arn" not in json.dumps(problem)


def test_what_a_check_of_ours_says_comes_without_the_words_of_the_library() -> None:
    _, problem, _ = call(
        World(), "POST", "/orders", body(items=[item(name="two\nlines")]), headers={"Idempotency-Key": "k"}
    )
    [error] = problem["errors"]
    assert error["message"] == "expected one line without control characters"
