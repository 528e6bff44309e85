"""Check the conditions for a proof on AWS: two people's tokens, and consent to the costs."""

import os
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from takeaway.errors import UsageError
from takeaway.run.cli.asking import agree
from takeaway.run.client.target import Target
from takeaway.text import header

CUSTOMER, RESTAURANT = "TAKEAWAY_CUSTOMER_TOKEN", "TAKEAWAY_RESTAURANT_TOKEN"
LASTS_SECONDS = 2700  # how long a token must still be valid: twice the time of a run, which is some twenty minutes
MOST_USD = 1  # by `takeaway cost`: seven orders, and two hours of an idle stage


@dataclass(frozen=True)
class Given:
    """The issuer and tokens that a person provides for AWS. Has the methods of Signs, which return these tokens."""

    issuer: str
    audience: str
    customer_token: str
    restaurant_token: str
    restaurant_id: str

    def customer(self, subject: str, *, name: str = "", email: str = "") -> str:  # noqa: ARG002 - the given token has a subject already
        return self.customer_token

    def restaurant(self, restaurant_id: str) -> str:  # noqa: ARG002 - as above
        return self.restaurant_token


def given(issuer: str | None, audience: str | None, environment: Mapping[str, str] = os.environ) -> Given:
    """Read options and environment. Raises UsageError with all that is missing, or the first claim that is wrong."""
    tokens = {name: environment.get(name) for name in (CUSTOMER, RESTAURANT)}
    asked = {"--issuer": issuer, "--audience": audience, **tokens}
    if missing := [name for name, value in asked.items() if not value]:
        raise UsageError(
            f"Missing: {', '.join(missing)}. On AWS the API trusts an issuer of yours, and needs tokens of it for two "
            "people (docs/deploying.md)."
        )
    said = {"iss": issuer, "aud": audience}
    _claims(CUSTOMER, environment, {**said, "role": "customer", "email": None, "email_verified": True})
    restaurant = _claims(RESTAURANT, environment, {**said, "role": "restaurant", "restaurant_id": None})
    return Given(
        str(issuer), str(audience), str(tokens[CUSTOMER]), str(tokens[RESTAURANT]), str(restaurant["restaurant_id"])
    )


def _claims(name: str, environment: Mapping[str, str], expected: Mapping[str, object]) -> dict[str, Any]:
    """Read a token's claims without verifying it, so that nothing is deployed for a token that the API would refuse."""
    import jwt  # noqa: PLC0415 - most commands need no token

    try:
        claims: dict[str, Any] = jwt.decode(header(name, environment[name]), options={"verify_signature": False})
    except jwt.InvalidTokenError:
        raise UsageError(f"{name}: expected a signed JWT.") from None
    for claim, wanted in expected.items():
        found = claims.get(claim)
        if (not found) if wanted is None else found != wanted:
            what = "the claim" if wanted is None else f"{wanted!r} as the claim"
            raise UsageError(f"{name}: expected {what} {claim}, got {found!r}.")
    left = (float(claims.get("exp", 0)) - time.time()) / 60
    if left < LASTS_SECONDS / 60:
        raise UsageError(
            f"{name}: expected it to be valid for another {LASTS_SECONDS // 60} minutes, it is for {left:.0f}."
        )
    return claims


def ask(target: Target) -> None:
    """Ask for consent, with account and region. Raises UsageError where nobody can be asked, and Abort after a no."""
    account = target.client("sts").get_caller_identity()["Account"]
    region = target.client("cloudformation").meta.region_name
    said = (
        f"This deploys stage {target.stage} to account {account} in {region}, places seven orders and destroys all "
        f"of it. It costs less than {MOST_USD} USD if it ends within two hours. Resources that can't be destroyed are "
        "listed, and go on costing."
    )
    agree(f"{said} Go on?", unattended=f"{said} Nobody can be asked here: --yes says yes.")
