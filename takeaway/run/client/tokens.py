"""Who a command speaks as."""

import hashlib
import os
from dataclasses import dataclass
from typing import Any

from takeaway import issuer
from takeaway.errors import TakeawayError
from takeaway.run.client.target import Target
from takeaway.text import header

GIVEN = "TAKEAWAY_TOKEN"


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
        return self._given() or self.issuer().token(
            role="customer", subject=subject, ttl_seconds=ttl_seconds, **contact(subject, name=name, email=email)
        )

    def restaurant(
        self, restaurant_id: str, *, subject: str | None = None, ttl_seconds: int = issuer.DEFAULT_TTL_SECONDS
    ) -> str:
        return self._given() or self.issuer().token(
            role="restaurant",
            subject=subject or f"staff-of-{restaurant_id}",
            restaurant_id=restaurant_id,
            ttl_seconds=ttl_seconds,
        )

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
