"""Identity against a real issuer on loopback: tokens that it signed, and everything else that may be sent as one."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from contexts.orders.adapters.oidc_identity import OidcIdentity
from contexts.orders.api.service import answer
from contexts.orders.application.callers import Unauthenticated
from contexts.orders.domain.identity import Identity, Role
from tests.fakes.issuers import EC_KEY, Issuer, issuer_on_loopback, unsigned
from tests.fakes.orders import World
from tests.orders.test_api import event

OTHER_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
OTHER_CURVE = ec.generate_private_key(ec.SECP384R1())


@pytest.fixture(scope="module")
def issuer() -> Iterator[Issuer]:
    with issuer_on_loopback() as started:
        yield started


@pytest.fixture(scope="module")
def identity(issuer: Issuer) -> OidcIdentity:
    return OidcIdentity(issuer.url, "takeaway-api")


def identify(issuer: Issuer, signed: str) -> Identity:
    return OidcIdentity(issuer.url, "takeaway-api").identify(f"Bearer {signed}")


def test_a_customer_is_known_by_sub_and_a_restaurant_by_restaurant_id(issuer: Issuer) -> None:
    assert identify(issuer, issuer.token()) == Identity(Role.CUSTOMER, "alice")
    restaurant = issuer.token(role="restaurant", restaurant_id="trattoria-roma")
    assert identify(issuer, restaurant) == Identity(Role.RESTAURANT, "trattoria-roma")
    assert identify(issuer, issuer.token(key=EC_KEY, algorithm="ES256", kid="ec")).party_id == "alice"
    assert identify(issuer, issuer.token(aud=["another-api", "takeaway-api"])).party_id == "alice"


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"key": OTHER_KEY}, "ignature"),
        ({"kid": "unknown"}, "kid"),
        ({"kid": None}, "kid"),
        ({"kid": "ec"}, "alg"),
        ({"key": EC_KEY, "algorithm": "ES256", "kid": "rsa"}, "alg"),
        ({"key": OTHER_CURVE, "algorithm": "ES384", "kid": "ec"}, "RS256, ES256"),
        ({"exp": 1}, "expired"),
        ({"exp": None}, "exp"),
        ({"exp": float("nan")}, "expected a signed JWT"),
        ({"exp": float("inf")}, "expected a signed JWT"),
        ({"exp": [1]}, "expected a signed JWT"),
        ({"iat": 10**4000}, "not yet valid"),
        ({"nbf": "soon"}, "expected a signed JWT"),
        ({"aud": "another-api"}, "udience"),
        ({"aud": None}, "aud"),
        ({"aud": {"takeaway-api": 1}}, "format"),
        ({"aud": [["takeaway-api"]]}, "format"),
        ({"iss": "https://evil.example.com"}, "ssuer"),
        ({"iss": 7}, "ssuer"),
        ({"nbf": 4102444800}, "not yet valid"),
        ({"sub": None}, "sub"),
        ({"sub": ["alice"]}, "expected a signed JWT"),
        ({"sub": "x" * 256}, "role"),
        ({"sub": "\ud800"}, "sub of printable characters"),
        ({"sub": "alice\nkey"}, "sub of printable characters"),
        ({"role": "admin"}, "role"),
        ({"role": None}, "role"),
        ({"role": ["customer"]}, "role"),
        ({"role": "restaurant"}, "restaurant_id"),
        ({"role": "restaurant", "restaurant_id": ""}, "restaurant_id"),
        ({"role": "restaurant", "restaurant_id": 7}, "restaurant_id"),
        ({"role": "restaurant", "restaurant_id": "roma\udfff"}, "restaurant_id of printable"),
        ({"key": "a-secret-that-is-long-enough-for-hs256", "algorithm": "HS256"}, "RS256, ES256"),
    ],
)
def test_a_token_that_does_not_hold_says_why_and_is_not_quoted(issuer: Issuer, wrong: dict[str, Any], why: str) -> None:
    signed = issuer.token(**wrong)
    with pytest.raises(Unauthenticated, match=why) as refused:
        identify(issuer, signed)
    assert signed not in str(refused.value)


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer ", "Basic YTpi", "Bearer not.a.token", "Bearer ü"])
def test_a_header_that_is_no_bearer_token_is_refused(issuer: Issuer, header: str | None) -> None:
    with pytest.raises(Unauthenticated):
        OidcIdentity(issuer.url, "takeaway-api").identify(header)


def test_what_is_no_token_at_all_makes_nobody_ask_the_issuer(issuer: Issuer) -> None:
    issuer.asked.clear()
    for text in (
        "a.b.c",
        unsigned("{", {}),
        unsigned({"alg": "none", "kid": "rsa"}, {}),
        unsigned({"alg": "RS256"}, 1),
    ):
        with pytest.raises(Unauthenticated):
            identify(issuer, text)
    assert not issuer.asked


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(codec=None), max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
HEADERS = st.fixed_dictionaries(
    {"alg": st.sampled_from(["RS256", "ES256", "none", "HS256"]) | JSON, "kid": st.sampled_from(["rsa", "ec"]) | JSON},
    optional={"crit": JSON | st.lists(st.text(max_size=5)), "b64": st.booleans() | JSON, "typ": JSON},
)
CLAIMS = st.fixed_dictionaries({}, optional=dict.fromkeys(["iss", "aud", "sub", "role", "exp", "iat", "nbf"], JSON))


@settings(max_examples=150, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(HEADERS | JSON, CLAIMS | JSON, st.sampled_from(["", "AAAA", "A" * 86, "A" * 342, "é", "=", "\ud800"]))
@example({"alg": "ES256", "kid": "rsa"}, {}, "AAAA")
@example({"alg": "RS256", "kid": "\ud800"}, {}, "AAAA")
@example({"alg": "RS256", "kid": "rsa", "crit": ["\u202e\ud800"]}, {}, "AAAA")
@example("[" * 5000, {}, "AAAA")
@example({"alg": "RS256", "kid": "rsa"}, "[" * 5000, "AAAA")
@example({"alg": "RS256", "kid": "rsa"}, f'{{"exp": 1{"0" * 5000}}}', "AAAA")
@example('{"alg": "none", "alg": "RS256", "kid": "rsa"}', {}, "AAAA")
def test_whatever_comes_as_a_token_is_answered_with_401_in_plain_ascii(
    identity: OidcIdentity, header: Any, claims: Any, signature: str
) -> None:
    world = World(identity=identity)  # type: ignore[arg-type]
    got = answer(
        event("GET", "/orders", None, {"Authorization": f"Bearer {unsigned(header, claims, signature)}"}), None, world
    )
    assert got["statusCode"] == 401
    assert got["body"].isascii()
    assert json.loads(got["body"])["detail"].isprintable()


@settings(max_examples=150, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(CLAIMS)
def test_whatever_the_issuer_signed_is_a_caller_or_401(
    issuer: Issuer, identity: OidcIdentity, claims: dict[str, Any]
) -> None:
    world = World(identity=identity)  # type: ignore[arg-type]
    got = answer(event("GET", "/orders", None, {"Authorization": f"Bearer {issuer.token(**claims)}"}), None, world)
    assert got["statusCode"] in (200, 401)
