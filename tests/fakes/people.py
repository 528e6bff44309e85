"""People for tests on a deployed system: they order, they answer, and they wait with a deadline."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import uuid4

from takeaway.client.journal import Entry
from takeaway.client.system import System
from tests.fakes.engines import patiently, pause

# Longer than any story takes on a machine that is busy with others; what works is not waited for so long.
DEADLINE_SECONDS = 120
RESTAURANT = "trattoria-roma"
T = TypeVar("T")


def eventually(look: Callable[[], T | None], what: str) -> T:
    """What `look` finds as soon as it finds something."""
    seconds = patiently(DEADLINE_SECONDS)
    deadline = time.monotonic() + seconds
    while True:
        if found := look():
            return found
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds} s: {what}")
        time.sleep(pause(0.1))


@dataclass(frozen=True)
class Customer:
    """Someone who has not ordered before."""

    system: System
    id: str

    @property
    def token(self) -> str:
        return self.system.tokens.customer(self.id)

    def order(self, **changes: Any) -> dict[str, Any]:
        return {
            "restaurant_id": RESTAURANT,
            "customer": {"name": "Zoë O'Brien 🍕", "email": f"{self.id}@example.com"},
            "items": [{"name": "Margherita", "quantity": 2, "unit_price": {"amount": 950, "currency": "EUR"}}],
            "delivery_address": 'Via "Roma" 1\\2',
            "note": "Ring twice",
            **changes,
        }

    def places(self, **changes: Any) -> str:
        order_id: str = self.system.api.place(self.order(**changes), token=self.token, idempotency_key=str(uuid4()))
        return order_id

    def sees(self, order_id: str) -> dict[str, Any]:
        return self.system.api.order(order_id, token=self.token)

    def waits_for(self, order_id: str, status: str) -> dict[str, Any]:
        def look() -> dict[str, Any] | None:
            order = self.sees(order_id)
            return order if order["status"] == status else None

        return eventually(look, f"order {order_id} is {status}")


@dataclass(frozen=True)
class Restaurant:
    system: System
    id: str = RESTAURANT

    @property
    def token(self) -> str:
        return self.system.tokens.restaurant(self.id)

    def hears_of(self, order_id: str) -> None:
        self.system.placed(order_id)

    def accepts(self, order_id: str) -> dict[str, Any]:
        self.hears_of(order_id)
        return self.system.api.accept(order_id, token=self.token)

    def rejects(self, order_id: str, reason: str) -> dict[str, Any]:
        self.hears_of(order_id)
        return self.system.api.reject(order_id, reason, token=self.token)

    def delivers(self, order_id: str) -> dict[str, Any]:
        return self.system.api.complete(order_id, token=self.token)


@dataclass(frozen=True)
class Watcher:
    """Sees what crosses the boundaries."""

    system: System

    def waits_for(self, order_id: str, *names: str) -> list[Entry]:
        """Until all of these were recorded; in the order of happening."""

        def look() -> list[Entry] | None:
            entries = self.system.journal.of_order(order_id)
            return entries if {entry.name for entry in entries} >= set(names) else None

        return eventually(look, f"order {order_id}: {', '.join(names)}")
