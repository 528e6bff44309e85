"""Call the API as the customer and the restaurant of an order, each with a token of their own."""

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
CUSTOMERS = frozenset({"cancel"})  # the calls that only the customer may make; the others are the restaurant's
GIVEN = "TAKEAWAY_TOKEN"


class Signs(Protocol):
    """Issues tokens: bearer JWTs for the orders API."""

    def customer(self, subject: str, *, name: str = "", email: str = "") -> str: ...

    def restaurant(self, restaurant_id: str) -> str: ...


class Served(Protocol):
    """A system that takes orders: its API, and tokens that this API accepts."""

    @property
    def api(self) -> OrdersApi: ...

    @property
    def tokens(self) -> Signs: ...


def new_customer() -> str:
    """Return a random customer id, of somebody who has not ordered before."""
    return f"customer-{uuid4().hex[:12]}"


@dataclass(frozen=True)
class People:
    """A customer and the restaurant that they order from, for the demo, comparisons and tests.

    `order` is the request's body, `reason` the text of a rejection. `name` and `email` are claims of the customer's
    token; where they are empty, they are made of the id.
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
        """The request's body; `special` replaces fields of `order`."""
        return {**self.order, **(special or {})}

    def place(self, special: Mapping[str, Any] | None = None) -> str:
        """Place an order with a new idempotency key, and return its id. Raises Refused."""
        return self.system.api.place(self.body(special), token=self.customer, idempotency_key=str(uuid4()))

    def act(self, call: str, order_id: str) -> dict[str, Any]:
        """Accept, reject, complete or cancel with the token of the one who may; returns the order. Raises Refused."""
        token = self.customer if call in CUSTOMERS else self.restaurant
        return self.system.api.act(call, order_id, token=token, reason=self.reason if call == "reject" else None)

    def view(self, order_id: str) -> dict[str, Any]:
        return self.system.api.order(order_id, token=self.customer)


@dataclass(frozen=True)
class Tokens:
    """Signs tokens on an engine of this machine; on AWS the caller sets TAKEAWAY_TOKEN to one.

    `issuer_url` is the issuer that the deployed API trusts. Raises TakeawayError on AWS without TAKEAWAY_TOKEN.
    """

    target: Target
    issuer_url: str

    def customer(
        self, subject: str, *, name: str = "", email: str = "", ttl_seconds: int = issuer.DEFAULT_TTL_SECONDS
    ) -> str:
        """Sign a customer's token, valid for `ttl_seconds`; an empty name or e-mail address is made of `subject`."""
        return self._given() or self.issuer.token(
            role="customer", subject=subject, ttl_seconds=ttl_seconds, **contact(subject, name=name, email=email)
        )

    def restaurant(
        self, restaurant_id: str, *, subject: str | None = None, ttl_seconds: int = issuer.DEFAULT_TTL_SECONDS
    ) -> str:
        """Sign a token for the staff of a restaurant, valid for `ttl_seconds`."""
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
    """Return the claims with a customer's name and e-mail address, marked as verified: this issuer's word is enough."""
    return {"name": name or subject.capitalize(), "email": email or f"{subject}@example.com", "email_verified": True}


def customer_of(email: str) -> str:
    """Return a customer id for an e-mail address: a hash, because ids go into events and logs."""
    return f"customer-{hashlib.sha256(email.strip().lower().encode()).hexdigest()[:12]}"
