"""The OpenAPI document describes what clients get, and code generated from it works."""

import json
from collections.abc import Iterator
from typing import Any

import jsonschema
import pytest
from iso4217 import Currency

from contexts.orders.api import routes
from contexts.orders.api.openapi import openapi
from contexts.orders.api.service import resolver
from contexts.orders.domain.lifecycle import Status
from tests.fakes.orders import ORDER_ID, World, draft
from tests.orders.test_api import CONTROLS, body, call, item, place, placed

DOCUMENT: dict[str, Any] = json.loads(openapi(resolver()))
SCHEMAS = DOCUMENT["components"]["schemas"]
OPERATIONS: dict[str, dict[str, Any]] = {
    operation["operationId"]: operation for path in DOCUMENT["paths"].values() for operation in path.values()
}
LINKS = {
    (name, link): target
    for name, operation in OPERATIONS.items()
    for answer in operation["responses"].values()
    for link, target in answer.get("links", {}).items()
}


def nodes(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        yield node
    for child in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from nodes(child)


def is_what_is_promised(name: str, status: int, answered: Any, kind: str) -> None:
    """Check an answer to an operation against the document."""
    schema = OPERATIONS[name]["responses"][str(status)]["content"][kind]["schema"]
    jsonschema.Draft202012Validator({**schema, "components": DOCUMENT["components"]}).validate(answered)


def test_each_operation_is_named_as_its_function_and_whatever_its_path() -> None:
    assert set(OPERATIONS) == {
        "place_order", "list_orders", "get_order", "accept_order", "reject_order", "cancel_order", "complete_order",
    }  # fmt: skip
    functions = {name: name for name in OPERATIONS} | {"place_order": "submit_order"}  # a step has that name
    assert all(callable(getattr(routes, function)) for function in functions.values())


def test_every_problem_is_promised_as_a_problem_and_every_success_as_json() -> None:
    for operation in OPERATIONS.values():
        for code, answer in operation["responses"].items():
            expected = "application/json" if code.startswith("2") else "application/problem+json"
            assert list(answer["content"]) == [expected]


def test_every_schema_that_is_referred_to_is_there_and_every_schema_that_is_there_is_referred_to() -> None:
    referred = {node["$ref"].rpartition("/")[2] for node in nodes(DOCUMENT) if "$ref" in node}
    assert referred == set(SCHEMAS)
    for schema in SCHEMAS.values():
        assert set(schema.get("required", [])) <= set(schema.get("properties", {}))


@pytest.mark.parametrize("wrong", [{"note": "\0"}, {"items": []}, {"delivery_address": ""}])
def test_a_refused_order_is_answered_as_is_promised(wrong: dict[str, Any]) -> None:
    status, problem, headers = place(World(), body(**wrong))
    assert status == 422
    is_what_is_promised("place_order", status, problem, headers["Content-Type"])


def test_a_refused_reason_and_a_decision_that_comes_too_late_are_answered_as_is_promised() -> None:
    world = World().holding(placed())
    status, problem, headers = call(world, "POST", f"/orders/{ORDER_ID}/reject", {"reason": ""}, who="roma")
    is_what_is_promised("reject_order", status, problem, headers["Content-Type"])
    call(world, "POST", f"/orders/{ORDER_ID}/cancel")
    status, problem, headers = call(world, "POST", f"/orders/{ORDER_ID}/accept", who="roma")
    assert status == 409
    is_what_is_promised("accept_order", status, problem, headers["Content-Type"])


def test_the_currencies_that_are_listed_are_those_that_pass() -> None:
    listed = SCHEMAS["MoneyBody"]["properties"]["currency"]["enum"]
    for code in (*(currency.value for currency in Currency), "EUX", "eur"):
        sent = body(items=[item(unit_price={"amount": 1, "currency": code})])
        assert (place(World(), sent)[0] == 202) == (code in listed), code


def test_the_patterns_of_texts_say_what_passes() -> None:
    validator = jsonschema.Draft202012Validator(
        {"$ref": "#/components/schemas/OrderBody", "components": DOCUMENT["components"]}
    )
    assert validator.is_valid(body(note="two\r\nlines", delivery_address="two\nlines"))
    for control in CONTROLS:
        assert not validator.is_valid(body(items=[item(name=f"Tea{control}now")])), repr(control)
        assert validator.is_valid(body(note=control)) == (control in "\r\n"), repr(control)


def test_each_link_leads_to_an_operation_that_has_what_is_handed_over() -> None:
    for target in LINKS.values():
        parameters = {parameter["name"] for parameter in OPERATIONS[target["operationId"]]["parameters"]}
        assert set(target.get("parameters", {})) <= parameters


def test_what_can_be_done_with_a_placed_order_is_linked_and_works() -> None:
    decisions = {link for name, link in LINKS if name == "place_order"}
    assert decisions == {"get_order", "accept_order", "reject_order", "cancel_order", "complete_order"}
    for link in decisions - {"get_order", "complete_order"}:
        world = World()
        receipt = place(world)[1]
        order = world.orders.get(receipt["order_id"])
        world.holding(order.become(Status.PLACED, order.received_at))
        path = f"/orders/{receipt[LINKS['place_order', link]['parameters']['order_id'].rpartition('/')[2]]}"
        sent = {"reason": "closed"} if link == "reject_order" else None
        who = "alice" if link == "cancel_order" else "roma"
        assert call(world, "POST", f"{path}/{link.removesuffix('_order')}", sent, who=who)[0] == 200


def test_the_next_page_and_the_newest_order_of_a_list_are_linked() -> None:
    world = World().holding(draft())
    status, listed, _ = call(world, "GET", "/orders")
    assert status == 200
    expression = LINKS["list_orders", "get_order"]["parameters"]["order_id"]
    assert expression == "$response.body#/orders/0/order_id"
    assert listed["orders"][0]["order_id"] == ORDER_ID
    assert LINKS["list_orders", "next_page"]["parameters"] == {"cursor": "$response.body#/next_cursor"}
