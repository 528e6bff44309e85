"""The orders that the demo sends, each with the story that it is to have."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from takeaway.errors import TakeawayError
from takeaway.facts import Way, facts_of
from takeaway.money import shown
from takeaway.paths import CATALOGUE, EXAMPLES
from takeaway.run.client.people import customer_of

SLOW = ("EXPIRED", "TIMED_OUT")  # they end with a timeout


@dataclass(frozen=True)
class Example:
    """`story` is the name of the way that it is to go, of those that orders has (takeaway.facts).

    `voucher` says whether promotions' policy has one for it, should it be completed.

    `loyalty` says that with this order its customer has come back often enough for one of that kind. Which of the
    customer's orders gets it is known when they are completed: they run at the same time.
    """

    name: str
    story: str
    customer: str
    email: str
    order: Mapping[str, Any]
    reason: str = ""
    voucher: bool = False
    loyalty: bool = False

    @property
    def way(self) -> Way:
        return facts_of("orders").ways[self.story]

    @cached_property
    def customer_id(self) -> str:
        return customer_of(self.email)

    @property
    def restaurant(self) -> str:
        """Its name, where the catalogue has one."""
        id_ = str(self.order["restaurant_id"])
        return _restaurants().get(id_, id_)

    @property
    def total(self) -> str:
        prices = [(item["quantity"], item["unit_price"]) for item in self.order["items"]]
        return shown(sum(quantity * price["amount"] for quantity, price in prices), prices[0][1]["currency"])

    @property
    def dishes(self) -> str:
        first, *others = self.order["items"]
        more = f" and {len(others)} more" if others else ""
        return f"{first['quantity']} × {first['name']}{more}"


def load(folder: Path = EXAMPLES) -> list[Example]:
    """Those that wait for a timeout come first: the others need not wait for them."""
    examples = [_example(file) for file in sorted(folder.glob("*.json"))]
    if not examples:
        raise TakeawayError(f"No example orders in {folder}: nothing to tell.")
    return sorted(examples, key=lambda example: (example.way.status not in SLOW, example.name))


@cache
def _restaurants() -> dict[str, str]:
    """Their names, by their ids."""
    restaurants = json.loads(CATALOGUE.read_text(encoding="utf-8"))["restaurants"]
    return {restaurant["id"]: restaurant["name"] for restaurant in restaurants}


def _example(file: Path) -> Example:
    content = json.loads(file.read_text(encoding="utf-8"))
    if content["story"] not in facts_of("orders").ways:
        ways = ", ".join(facts_of("orders").ways)
        raise TakeawayError(f"{file}: story is the name of one of the ways ({ways}), not {content['story']!r}.")
    return Example(
        name=file.stem,
        story=content["story"],
        customer=content["customer"]["name"],
        email=content["customer"]["email"],
        order=content["order"],
        reason=content.get("reason", ""),
        voucher=content["story"] == "completed" and content.get("voucher", True),
        loyalty=content.get("loyalty", False),
    )
