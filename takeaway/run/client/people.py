"""The two between whom an order is, a customer and a restaurant: they call the API, each with their own token."""

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Protocol
from uuid import uuid4

from takeaway import issuer
from takeaway.errors import TakeawayError
from takeaway.run.client.api import OrdersApi
from takeaway.run.client.target import Target
from takeaway.text import header

RESTAURANT = "trattoria-roma"
LUNCH: dict[str, Any] = {
    "restaurant_id": RESTAURANT,
    "items": [{"name": "Margherita", "quantity": 2, "unit_price": {"amount": 950, "currency": "EUR"}}],
    "delivery_address": "Via Roma 1",
    "note": "",
}
CUSTOMERS = frozenset({"cancel"})  # the calls that the customer makes; the others are the restaurant's
GIVEN = "TAKEAWAY_TOKEN"


class Signs(Protocol):
    """Gives people their tokens."""

    def customer(self, subject: str, *, name: str = "", email: str = "") -> str: ...

    def restaurant(self, restaurant_id: str) -> str: ...


class Served(Protocol):
    """A system that can be ordered from."""

    @property
    def api(self) -> OrdersApi: ...

    @property
    def tokens(self) -> Signs: ...


def new_customer() -> str:
    """The id of somebody who has not ordered before."""
    return f"customer-{uuid4().hex[:12]}"


@dataclass(frozen=True)
class People:
    """`order` is what the customer orders, `reason` why the restaurant rejects, should it.

    `name` and `email` are what the customer's token says; where they are empty, something made of the id.
    """

    system: Served
    order: Mapping[str, Any] = field(default_factory=lambda: LUNCH)
    customer_id: str = field(default_factory=new_customer)
    reason: str = "Kitchen is closing"
    name: str = "Ada"
    email: str = ""

    @property
    def customer(self) -> str:
        """The customer's token."""
        return self.system.tokens.customer(self.customer_id, name=self.name, email=self.email)

    @property
    def restaurant(self) -> str:
        """The restaurant's token."""
        return self.system.tokens.restaurant(str(self.order["restaurant_id"]))

    def body(self, special: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """What is sent; `special` is what this order has otherwise."""
        return {**self.order, **(special or {})}

    def place(self, special: Mapping[str, Any] | None = None) -> str:
        """The order's id. Raises Refused."""
        return self.system.api.place(self.body(special), token=self.customer, idempotency_key=str(uuid4()))

    def act(self, call: str, order_id: str) -> dict[str, Any]:
        """accept, reject, complete or cancel, as whoever may. Returns the order as it is shown. Raises Refused."""
        token = self.customer if call in CUSTOMERS else self.restaurant
        return self.system.api.act(call, order_id, token=token, reason=self.reason if call == "reject" else None)

    def view(self, order_id: str) -> dict[str, Any]:
        return self.system.api.order(order_id, token=self.customer)


@dataclass(frozen=True)
class Tokens:
    """Signs what a command needs on an engine of this machine; elsewhere TAKEAWAY_TOKEN brings the token.

    `issuer_url` is the issuer that the deployed API believes.
    """

    target: Target
    issuer_url: str

    def customer(
        self, subject: str, *, name: str = "", email: str = "", ttl_seconds: int = issuer.DEFAULT_TTL_SECONDS
    ) -> str:
        """With the claims that an order is placed with; where none are named, with some that are made of `subject`."""
        return self._given() or self.issuer.token(
            role="customer", subject=subject, ttl_seconds=ttl_seconds, **contact(subject, name=name, email=email)
        )

    def restaurant(
        self, restaurant_id: str, *, subject: str | None = None, ttl_seconds: int = issuer.DEFAULT_TTL_SECONDS
    ) -> str:
        return self._given() or self.issuer.token(
            role="restaurant",
            subject=subject or f"staff-of-{restaurant_id}",
            restaurant_id=restaurant_id,
            ttl_seconds=ttl_seconds,
        )

    @cached_property
    def issuer(self) -> issuer.LocalIssuer:
        if self.target.endpoint is None:
            raise TakeawayError(f"On AWS tokens come from the deployment's identity provider: set {GIVEN} to one.")
        return issuer.LocalIssuer(self.issuer_url, self.target.home.issuer_key)

    def _given(self) -> str | None:
        given = os.environ.get(GIVEN)
        return header(GIVEN, given) if given else None


def contact(subject: str, *, name: str = "", email: str = "") -> dict[str, Any]:
    """The claims that say how a customer is called, and where to write to: verified by this machine's own issuer."""
    return {"name": name or subject.capitalize(), "email": email or f"{subject}@example.com", "email_verified": True}


def customer_of(email: str) -> str:
    """An id for the customer with this address; it goes into events and logs, so the address can't be told from it."""
    return f"customer-{hashlib.sha256(email.strip().lower().encode()).hexdigest()[:12]}"
