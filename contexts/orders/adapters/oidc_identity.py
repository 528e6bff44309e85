"""Who asks, from a JWT of any OpenID Connect issuer: checked against the issuer's published keys, then its claims."""

import json
import urllib.request
from functools import cached_property
from typing import Any

import jwt

from contexts.orders.domain.identity import Identity, Role

ALGORITHMS = ["RS256", "ES256"]  # asymmetric only: a token can't choose a weaker way, or none
MAX_PARTY_ID = 255  # characters of a `sub`, OpenID Connect Core 1.0, section 2
LEEWAY_SECONDS = 10  # clocks of issuer and function may differ
HTTP_TIMEOUT_SECONDS = 3


class Unauthenticated(Exception):
    """No token, or one that does not hold. The message says which, and never quotes the token."""


class IssuerUnavailable(Exception):
    """The issuer's keys can't be fetched: the token may be good, but nobody can tell."""


class OidcIdentity:
    """`issuer` is the URL under which `/.well-known/openid-configuration` lies; `audience` what a token must be for."""

    def __init__(self, issuer: str, audience: str) -> None:
        self._issuer, self._audience = issuer, audience

    def identify(self, authorization: str | None) -> Identity:
        """From an Authorization header. Raises Unauthenticated, IssuerUnavailable."""
        scheme, _, token = (authorization or "").partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            raise Unauthenticated("expected the header Authorization: Bearer <token>")
        try:
            claims = self._claims(token.strip())
        except jwt.PyJWKClientConnectionError as error:
            raise IssuerUnavailable(str(error)) from error
        except jwt.PyJWTError as error:
            raise Unauthenticated(f"the token does not hold: {error}") from error
        return _identity(claims)

    def _claims(self, token: str) -> dict[str, Any]:
        if jwt.get_unverified_header(token).get("alg") not in ALGORITHMS:
            raise jwt.InvalidAlgorithmError(f"expected one of {', '.join(ALGORITHMS)}")
        return jwt.decode(
            token,
            self._keys.get_signing_key_from_jwt(token).key,
            algorithms=ALGORITHMS,
            issuer=self._issuer,
            audience=self._audience,
            leeway=LEEWAY_SECONDS,
            options={"require": ["exp", "iss", "aud", "sub"]},
        )

    @cached_property
    def _keys(self) -> jwt.PyJWKClient:
        url = f"{self._issuer}/.well-known/openid-configuration"
        try:
            with urllib.request.urlopen(url, timeout=HTTP_TIMEOUT_SECONDS) as answer:  # noqa: S310 - set by the deployment
                jwks_uri = json.load(answer)["jwks_uri"]
        except (OSError, ValueError, KeyError) as error:
            raise IssuerUnavailable(f"no OpenID configuration at {url}: {error}") from error
        return jwt.PyJWKClient(jwks_uri, timeout=HTTP_TIMEOUT_SECONDS)


def _identity(claims: dict[str, Any]) -> Identity:
    party_claims = {Role.CUSTOMER: "sub", Role.RESTAURANT: "restaurant_id"}
    for role, claim in party_claims.items():
        party = claims.get(claim)
        if claims.get("role") == role and isinstance(party, str) and 0 < len(party) <= MAX_PARTY_ID:
            return Identity(role, party)
    raise Unauthenticated("the token does not hold: expected role customer, or role restaurant with a restaurant_id")
