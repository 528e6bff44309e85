"""Read the orders that the demo places, each with the story that it has to have."""

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

SLOW = ("EXPIRED", "TIMED_OUT")  # statuses of orders that end by a timeout


@dataclass(frozen=True)
class Example:
    """An example order. `story` is the name of the way that it has to go, one of those in the facts of orders.

    `voucher` is True if promotions' policy gives one for it once it is completed.

    `loyalty` is True if the customer has earned a loyalty voucher with this order. Their orders run at the same time,
    so any of them may be the one that gets it.
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
        """The restaurant's name in the catalogue, else its id."""
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
    """Read all examples; those that end by a timeout come first, so that they run while others are told."""
    examples = [_example(file) for file in sorted(folder.glob("*.json"))]
    if not examples:
        raise TakeawayError(f"No example orders in {folder}: nothing to tell.")
    return sorted(examples, key=lambda example: (example.way.status not in SLOW, example.name))


@cache
def _restaurants() -> dict[str, str]:
    """Return restaurants' names by id."""
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
