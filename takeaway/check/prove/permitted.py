"""What has to be there before anything is deployed to AWS: tokens of two people, and a yes to what it costs."""

import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from takeaway.errors import UsageError
from takeaway.text import header

CUSTOMER, RESTAURANT = "TAKEAWAY_CUSTOMER_TOKEN", "TAKEAWAY_RESTAURANT_TOKEN"
LASTS_SECONDS = 2700  # of a token: a deployment takes ten minutes, what follows as long again
# Counted by `takeaway cost`: seven orders, and two hours of what a stage costs that nobody orders from.
MOST_USD = 1
ISSUER_NEEDED = (
    "On AWS the API believes an issuer of yours (docs/deploying.md): --issuer and --audience, "
    f"{CUSTOMER} with the token of a customer (email and email_verified in it) and {RESTAURANT} with that of a restaurant."
)


@dataclass(frozen=True)
class Given:
    """Fulfils Signs with the two tokens that a person has brought."""

    customer_token: str
    restaurant_token: str
    restaurant_id: str

    def customer(self, subject: str, *, name: str = "", email: str = "") -> str:
        return self.customer_token

    def restaurant(self, restaurant_id: str) -> str:
        return self.restaurant_token


def given(issuer: str | None, audience: str | None, environment: Mapping[str, str] = os.environ) -> Given:
    """Raises UsageError with all that is missing, or with what of a token would not hold later."""
    asked = {
        "--issuer": issuer,
        "--audience": audience,
        **{name: environment.get(name) for name in (CUSTOMER, RESTAURANT)},
    }
    if missing := [name for name, value in asked.items() if not value]:
        raise UsageError(f"Missing: {', '.join(missing)}. {ISSUER_NEEDED}")
    expected = {"iss": issuer, "aud": audience}
    customer = _claims(CUSTOMER, environment, {**expected, "role": "customer", "email_verified": True})
    restaurant = _claims(RESTAURANT, environment, {**expected, "role": "restaurant"})
    if not customer.get("email"):
        raise UsageError(f"{CUSTOMER}: expected the claim email, without which no order is placed.")
    if not restaurant.get("restaurant_id"):
        raise UsageError(f"{RESTAURANT}: expected the claim restaurant_id, which says whose orders it sees.")
    return Given(environment[CUSTOMER], environment[RESTAURANT], str(restaurant["restaurant_id"]))


def _claims(name: str, environment: Mapping[str, str], expected: Mapping[str, object]) -> dict[str, Any]:
    """Not verified, which the API does: only looked at, so that nothing is deployed for a token that can't hold."""
    import jwt  # noqa: PLC0415 - most commands need no token

    try:
        claims: dict[str, Any] = jwt.decode(header(name, environment[name]), options={"verify_signature": False})
    except jwt.InvalidTokenError:
        raise UsageError(f"{name}: expected a signed JWT.") from None
    for claim, wanted in expected.items():
        if claims.get(claim) != wanted:
            raise UsageError(f"{name}: expected the claim {claim} to be {wanted!r}, got {claims.get(claim)!r}.")
    left = float(claims.get("exp", 0)) - time.time()
    if left < LASTS_SECONDS:
        raise UsageError(
            f"{name}: expected it to hold for another {LASTS_SECONDS // 60} minutes, it has {left / 60:.0f}."
        )
    return claims


def ask(account: str, region: str, stage: str, *, yes: bool, confirm: Callable[[str], bool] | None) -> None:
    """`confirm` is None where nobody can be asked. Raises UsageError unless the answer is yes."""
    said = (
        f"This deploys stage {stage} to account {account} in {region}, places seven orders there and destroys all of it. "
        f"It costs less than {MOST_USD} USD if it ends within two hours; what can't be destroyed is told, and goes on costing."
    )
    if yes:
        return
    if confirm is None:
        raise UsageError(f"{said} Nobody can be asked here: --yes says yes.")
    if not confirm(f"{said} Go on?"):
        raise UsageError("Nothing was deployed.")
