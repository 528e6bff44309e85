"""The examples are varied, and match their catalogue: a demo of similar orders would prove little."""

import json
import re
import unicodedata
from typing import Any

import pytest
from iso4217 import Currency

from contexts.orders.api.models import OrderBody
from takeaway.paths import REPOSITORY

STORIES = {"completed", "rejected", "expired", "cancelled", "timed out", "stopped by an operator"}
EXAMPLES = REPOSITORY / "examples"
CATALOGUE = json.loads((EXAMPLES / "catalogue.json").read_text(encoding="utf-8"))
ORDERS = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(EXAMPLES.glob("orders/*.json"))}
RESERVED_FOR_EXAMPLES = re.compile(r"[a-z0-9.+-]+@example\.(com|org|net)")  # RFC 2606: nobody's mailbox


def texts(example: dict[str, Any]) -> str:
    order = example["order"]
    return "\n".join([example["customer"]["name"], order["delivery_address"], order.get("note", "")])


def scripts(text: str) -> set[str]:
    return {unicodedata.name(letter, "?").split()[0] for letter in text if letter.isalpha()}


def minor_digits(example: dict[str, Any]) -> set[int | None]:
    return {Currency(item["unit_price"]["currency"]).exponent for item in example["order"]["items"]}


@pytest.mark.parametrize("name", ORDERS)
def test_every_item_is_on_the_menu_of_its_restaurant_at_that_price(name: str) -> None:
    order = ORDERS[name]["order"]
    menus = {
        restaurant["id"]: {item["name"]: item["price"] for item in restaurant["menu"]}
        for restaurant in CATALOGUE["restaurants"]
    }
    menu = menus[order["restaurant_id"]]
    assert order["items"]
    assert [(item["name"], item["unit_price"]) for item in order["items"]] == [
        (item["name"], menu[item["name"]]) for item in order["items"]
    ]


@pytest.mark.parametrize("name", ORDERS)
def test_every_order_is_one_that_the_api_accepts(name: str) -> None:
    OrderBody.model_validate(ORDERS[name]["order"])


@pytest.mark.parametrize("name", ORDERS)
def test_every_customer_has_an_address_reserved_for_examples(name: str) -> None:
    assert RESERVED_FOR_EXAMPLES.fullmatch(ORDERS[name]["customer"]["email"])


@pytest.mark.parametrize("name", ORDERS)
def test_a_reason_is_given_exactly_for_what_is_rejected(name: str) -> None:
    example = ORDERS[name]
    assert example["story"] in STORIES
    assert ("reason" in example) == (example["story"] == "rejected")
    assert len(example.get("reason", "")) <= 200


def test_the_stories_are_mostly_good_with_some_of_every_other_ending() -> None:
    stories = [example["story"] for example in ORDERS.values()]
    assert len(stories) >= 14
    assert stories.count("completed") > len(stories) / 2
    assert stories.count("rejected") in {2, 3}
    for end in STORIES - {"completed", "rejected"}:
        assert stories.count(end) == 1


def test_currencies_have_no_two_and_three_minor_digits() -> None:
    assert set().union(*map(minor_digits, ORDERS.values())) == {0, 2, 3}


def test_people_write_in_many_scripts_and_with_emoji() -> None:
    written = "".join(map(texts, ORDERS.values()))
    assert {"LATIN", "CJK", "HIRAGANA", "ARABIC", "GREEK", "DEVANAGARI", "CYRILLIC", "HANGUL"} <= scripts(written)
    assert any(unicodedata.category(sign) == "So" and ord(sign) > 0x1F000 for sign in written)


def test_some_text_is_hard_to_quote() -> None:
    hardest = max(map(texts, ORDERS.values()), key=lambda text: sum(sign in text for sign in "\"'\\\n{}<>&$%"))
    assert all(sign in hardest for sign in "\"'\\\n{}<>&$%")


def test_a_customer_comes_back_and_an_order_is_large() -> None:
    customers = [example["customer"]["email"] for example in ORDERS.values()]
    assert len(set(customers)) < len(customers)
    assert max(sum(item["quantity"] for item in example["order"]["items"]) for example in ORDERS.values()) >= 50


def test_every_restaurant_gets_an_order_and_prices_in_its_own_currency() -> None:
    assert {restaurant["id"] for restaurant in CATALOGUE["restaurants"]} == {
        example["order"]["restaurant_id"] for example in ORDERS.values()
    }
    for restaurant in CATALOGUE["restaurants"]:
        assert {item["price"]["currency"] for item in restaurant["menu"]} == {restaurant["currency"]}
        assert all(isinstance(item["price"]["amount"], int) for item in restaurant["menu"])
