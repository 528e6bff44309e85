"""Read the restaurants of the catalogue and the customers of the examples, and make orders of them."""

import json
import random
from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple

from takeaway.errors import FieldError, Refused
from takeaway.paths import CATALOGUE, EXAMPLES
from takeaway.run.client.people import People, Served, customer_of
from takeaway.text import counted

MOST_OF_ONE = 20


class Customer(NamedTuple):
    """A customer of the examples. `currency` is that of the restaurants where they order."""

    name: str
    email: str
    address: str
    currency: str


@cache
def restaurants() -> Mapping[str, Any]:
    """Return the catalogue's restaurants with their menus, by id."""
    found = json.loads(CATALOGUE.read_text(encoding="utf-8"))["restaurants"]
    return {restaurant["id"]: restaurant for restaurant in found}


@cache
def customers() -> Mapping[str, Customer]:
    """Return the customers of the example orders, by id."""
    found: dict[str, Customer] = {}
    for file in sorted(EXAMPLES.glob("*.json")):
        content = json.loads(file.read_text(encoding="utf-8"))
        who, order = content["customer"], content["order"]
        currency = order["items"][0]["unit_price"]["currency"]
        found[customer_of(who["email"])] = Customer(who["name"], who["email"], order["delivery_address"], currency)
    return found


def ordered(system: Served, sent: Mapping[str, Any]) -> People:
    """Read an order from the shop's form. Raises Refused, which names the wrong field."""
    restaurant = restaurants().get(str(sent.get("restaurant")))
    if restaurant is None:
        raise _refused("restaurant", f"expected one of {', '.join(restaurants())}")
    customer_id = str(sent.get("customer"))
    if customer_id not in customers():
        raise _refused("customer", "expected one of the customers of the examples")
    items = [
        {"name": dish["name"], "quantity": count, "unit_price": dish["price"]}
        for number, dish in enumerate(restaurant["menu"])
        if (count := _count(sent.get(f"dish-{number}") or 0, dish["name"]))
    ]
    if not items:
        raise _refused("dishes", "expected at least one")
    return _people(system, restaurant, customer_id, items, note=str(sent.get("note") or ""))


def somebody(system: Served, chance: random.Random) -> People:
    """Make a random order: a restaurant, up to three dishes, and a customer who pays in its currency."""
    restaurant = chance.choice([*restaurants().values()])
    at_home = [id_ for id_, who in customers().items() if who.currency == restaurant["currency"]]
    dishes = chance.sample(restaurant["menu"], chance.randint(1, min(3, len(restaurant["menu"]))))
    items = [{"name": each["name"], "quantity": chance.randint(1, 3), "unit_price": each["price"]} for each in dishes]
    return _people(system, restaurant, chance.choice(at_home or [*customers()]), items)


def _people(
    system: Served, restaurant: Mapping[str, Any], customer_id: str, items: list[dict[str, Any]], note: str = ""
) -> People:
    who = customers()[customer_id]
    order = {"restaurant_id": restaurant["id"], "items": items, "delivery_address": who.address, "note": note}
    return People(system, order, customer_id, name=who.name, email=who.email)


def _count(value: object, dish: str) -> int:
    count = counted(str(value), most=MOST_OF_ONE)
    if count is None:
        raise _refused(dish, f"expected a number up to {MOST_OF_ONE}")
    return count


def _refused(field: str, message: str) -> Refused:
    return Refused(400, "This can’t be ordered", errors=[FieldError(field, message)])
