"""People for tests on a deployed system: those of the command line, who wait with a deadline here."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, TypeVar

from takeaway.run.client.people import LUNCH, RESTAURANT, People
from takeaway.run.client.readers import Entry
from takeaway.run.client.system import System
from tests.fakes.engines import patiently, pause

# Longer than any story takes on a busy machine. A test that passes does not wait that long.
DEADLINE_SECONDS = 120
ORDER: dict[str, Any] = {  # has characters that must be quoted on the way
    **LUNCH,
    "delivery_address": 'Via "Roma" 1\\2',
    "note": "Ring twice",
}
T = TypeVar("T")


def eventually(look: Callable[[], T | None], what: str) -> T:
    """Return the first true result of `look`, which is called until the deadline."""
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
    """A customer who has not ordered before."""

    system: System
    id: str

    @property
    def people(self) -> People:
        return People(self.system, order=ORDER, customer_id=self.id, name="Zoë O'Brien 🍕")

    @property
    def token(self) -> str:
        return self.people.customer

    def order(self, **changes: Any) -> dict[str, Any]:
        return self.people.body(changes)

    def places(self, **changes: Any) -> str:
        return self.people.place(changes)

    def sees(self, order_id: str) -> dict[str, Any]:
        return self.people.view(order_id)

    def waits_for(self, order_id: str, status: str) -> dict[str, Any]:
        def look() -> dict[str, Any] | None:
            order = self.sees(order_id)
            return order if order["status"] == status else None

        return eventually(look, f"order {order_id} is {status}")


@dataclass(frozen=True)
class Restaurant:
    """A restaurant that answers only orders of which it was notified."""

    system: System
    id: str = RESTAURANT

    @property
    def people(self) -> People:
        return People(self.system, order={"restaurant_id": self.id})

    @property
    def token(self) -> str:
        return self.people.restaurant

    def hears_of(self, order_id: str) -> None:
        self.system.placed(order_id)

    def accepts(self, order_id: str) -> dict[str, Any]:
        self.hears_of(order_id)
        return self.people.act("accept", order_id)

    def rejects(self, order_id: str, reason: str) -> dict[str, Any]:
        self.hears_of(order_id)
        return replace(self.people, reason=reason).act("reject", order_id)

    def delivers(self, order_id: str) -> dict[str, Any]:
        return self.people.act("complete", order_id)


def lived(customer: Customer, restaurant: Restaurant) -> str:
    """Bring an order to its end: accepted and seen so, delivered and seen to be completed. Returns its id."""
    order_id = customer.places()
    restaurant.accepts(order_id)
    customer.waits_for(order_id, "ACCEPTED")
    restaurant.delivers(order_id)
    customer.waits_for(order_id, "COMPLETED")
    return order_id


def kept_today(system: System, order_id: str) -> set[str]:
    """Return the types of event that the lake has of an order of today."""
    return {line.event_type for line in system.lake.lines([datetime.now(UTC).date()]) if line.order_id == order_id}


@dataclass(frozen=True)
class Watcher:
    """Reads the journal, to see what crosses the boundaries."""

    system: System

    def waits_for(self, order_id: str, *names: str) -> list[Entry]:
        """Wait until all of these were recorded. Returns the entries in the order of happening."""

        def look() -> list[Entry] | None:
            entries = self.system.journal.of_order(order_id)
            return entries if {entry.name for entry in entries} >= set(names) else None

        return eventually(look, f"order {order_id}: {', '.join(names)}")
