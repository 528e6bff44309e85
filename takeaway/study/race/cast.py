"""Read the order of a race, and what people do about it, from a file like those of examples/orders."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from takeaway.errors import UsageError
from takeaway.facts import facts_of
from takeaway.run.client.people import customer_of
from takeaway.text import document

GOES_WELL = "completed"


@dataclass(frozen=True)
class Cast:
    """The order and its people; `calls` are what customer and restaurant do, in order. An operator may stop it."""

    order: Mapping[str, Any]
    name: str = "Ada"
    email: str = "ada@example.com"
    reason: str = "Kitchen is closing"
    calls: tuple[str, ...] = ()
    is_stopped: bool = False

    @property
    def customer_id(self) -> str:
        return customer_of(self.email)


def cast_of(file: Path) -> Cast:
    """Read the file; an order without a story goes well. Raises UsageError, which names the wrong field."""
    content = document(file)
    if not isinstance(content, dict):
        raise UsageError(f"{file}: expected an object, an order or one with its story.")
    ways = facts_of("orders").ways
    story = content.get("story", GOES_WELL)
    if story not in ways:
        raise UsageError(f"{file}: story: expected one of {', '.join(ways)}, got {story!r}.")
    order, customer = content.get("order", content), content.get("customer", {})
    for name, value in (("order", order), ("customer", customer)):
        if not isinstance(value, dict):
            raise UsageError(f"{file}: {name}: expected an object.")
    given = {name: str(customer[name]) for name in ("name", "email") if name in customer}
    if "reason" in content:
        given["reason"] = str(content["reason"])
    calls = tuple(act.call for act in ways[story].does.values())
    return Cast(order, **given, calls=calls, is_stopped=bool(ways[story].stops))
