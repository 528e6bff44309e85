"""Authentication: a JWT of any OpenID Connect issuer becomes an Identity.

The token is checked against the issuer's published keys first, then its claims are read.
"""

from functools import cached_property
from typing import Any

import jwt

from contexts.orders.adapters.issuer_keys import ALGORITHMS, IssuerKeys
from contexts.orders.application.callers import IssuerUnavailable, Unauthenticated
from contexts.orders.domain.identity import Identity, Role

MAX_PARTY_ID = 255  # characters of a `sub`, OpenID Connect Core 1.0, section 2
LEEWAY_SECONDS = 10  # clocks of issuer and function may differ
VERIFYING: Any = {"require": ["exp", "iss", "aud", "sub"], "enforce_minimum_key_length": True}
# errors whose texts are PyJWT's own words; those of other errors may quote what the caller sent
TOLD = (
    jwt.ExpiredSignatureError,
    jwt.ImmatureSignatureError,
    jwt.InvalidAudienceError,
    jwt.InvalidIssuedAtError,
    jwt.InvalidIssuerError,
    jwt.InvalidSignatureError,
    jwt.MissingRequiredClaimError,
)


class OidcIdentity:
    """Implements the port Callers.

    `issuer` must equal a token's `iss` to the letter; `audience` must be in its `aud`.
    """

    def __init__(self, issuer: str, audience: str) -> None:
        self._issuer, self._audience = issuer, audience

    def identify(self, authorization: str | None) -> Identity:
        scheme, _, token = (authorization or "").partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            raise Unauthenticated("expected the header Authorization: Bearer <token>")
        try:
            return _identity(self._claims(token.strip()))
        except (Unauthenticated, IssuerUnavailable):
            raise
        except Exception as error:  # a malformed token can make the libraries raise anything
            why = str(error) if isinstance(error, TOLD) else "expected a signed JWT"
            raise Unauthenticated(f"the token is not valid: {why}") from error

    def _claims(self, token: str) -> dict[str, Any]:
        # read first, so that something that is no token causes no request to the issuer
        header = jwt.decode_complete(token, options={"verify_signature": False})["header"]
        if header.get("alg") not in ALGORITHMS:
            raise Unauthenticated(f"the token is not valid: its alg is not one of {', '.join(ALGORITHMS)}")
        key = self._key(header.get("kid"))
        if header["alg"] != key.algorithm_name:
            raise Unauthenticated("the token is not valid: its alg is not that of its key")
        return jwt.decode(
            token,
            key,
            algorithms=ALGORITHMS,
            issuer=self._issuer,
            audience=self._audience,
            leeway=LEEWAY_SECONDS,
            options=VERIFYING,
        )

    def _key(self, kid: object) -> jwt.PyJWK:
        if not isinstance(kid, str):
            raise Unauthenticated("the token is not valid: expected the kid of a key in its header")
        try:
            return self._keys.get_signing_key(kid)
        except jwt.PyJWKClientError as error:  # no such key; keys that can't be fetched are IssuerUnavailable
            raise Unauthenticated("the token is not valid: its kid is not that of a key of the issuer") from error

    @cached_property
    def _keys(self) -> IssuerKeys:
        return IssuerKeys(self._issuer)


def _identity(claims: dict[str, Any]) -> Identity:
    party_claims = {Role.CUSTOMER: "sub", Role.RESTAURANT: "restaurant_id"}
    for role, claim in party_claims.items():
        party = claims.get(claim)
        # an unprintable character, such as half of a surrogate pair, can be neither stored nor published
        if claims.get("role") == role and isinstance(party, str) and 0 < len(party) <= MAX_PARTY_ID:
            if not party.isprintable():
                raise Unauthenticated(f"the token is not valid: expected a {claim} of printable characters")
            return Identity(role, party, email=_verified_address(claims), name=_text(claims.get("name")))
    raise Unauthenticated("the token is not valid: expected role customer, or role restaurant with a restaurant_id")


def _verified_address(claims: dict[str, Any]) -> str:
    """Return the e-mail address if the issuer has verified it, else an empty string.

    `email_verified` is a boolean (OpenID Connect Core 1.0, section 5.1); some issuers send the word "true".
    """
    return _text(claims.get("email")) if claims.get("email_verified") in (True, "true") else ""


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
