"""The orders that the demo sends, each with the story that it is to have."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Literal, get_args

from takeaway.client.tokens import customer_of
from takeaway.errors import TakeawayError
from takeaway.money import shown
from takeaway.paths import EXAMPLES

Story = Literal["completed", "rejected", "expired", "cancelled", "timed_out", "failed"]
SLOW = ("expired", "timed_out")  # they end with a timeout


@dataclass(frozen=True)
class Example:
    """`voucher` says whether promotions' policy has one for it, should it be completed.

    `loyalty` says that with this order its customer has come back often enough for one of that kind. Which of the
    customer's orders gets it is known when they are completed: they run at the same time.
    """

    name: str
    story: Story
    order: Mapping[str, Any]
    reason: str = ""
    voucher: bool = False
    loyalty: bool = False

    @property
    def customer(self) -> str:
        return str(self.order["customer"]["name"])

    @cached_property
    def customer_id(self) -> str:
        return customer_of(self.order["customer"]["email"])

    @property
    def restaurant_id(self) -> str:
        return str(self.order["restaurant_id"])

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
    return sorted(examples, key=lambda example: (example.story not in SLOW, example.name))


def restaurant_names(catalogue: Path = EXAMPLES.parent / "catalogue.json") -> dict[str, str]:
    restaurants = json.loads(catalogue.read_text(encoding="utf-8"))["restaurants"]
    return {restaurant["id"]: restaurant["name"] for restaurant in restaurants}


def _example(file: Path) -> Example:
    content = json.loads(file.read_text(encoding="utf-8"))
    if content["story"] not in get_args(Story):
        raise TakeawayError(f"{file}: story is one of {', '.join(get_args(Story))}, not {content['story']!r}.")
    return Example(
        name=file.stem,
        story=content["story"],
        order=content["order"],
        reason=content.get("reason", ""),
        voucher=content["story"] == "completed" and content.get("voucher", True),
        loyalty=content.get("loyalty", False),
    )
