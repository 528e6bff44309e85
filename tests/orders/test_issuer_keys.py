"""Faults of the issuer: whatever it answers, good tokens are never called bad because of it."""

import itertools
import json
import socket
from collections.abc import Iterator
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from contexts.orders.adapters import issuer_keys
from contexts.orders.adapters.oidc_identity import OidcIdentity
from contexts.orders.api.service import answer
from contexts.orders.application.callers import IssuerUnavailable, Unauthenticated
from tests.fakes.issuers import CONFIGURATION, EC_KEY, KEYS, RSA_KEY, Issuer, ec_jwk, issuer_on_loopback, rsa_jwk
from tests.fakes.orders import World
from tests.orders.test_api import event

SHORT_KEY = rsa.generate_private_key(public_exponent=65537, key_size=1024)
OTHER_CURVE = ec.generate_private_key(ec.SECP384R1())
PRIVATE_RSA = {**jwt.algorithms.RSAAlgorithm.to_jwk(RSA_KEY, as_dict=True), "kid": "private"}
PRIVATE_EC = {**jwt.algorithms.ECAlgorithm.to_jwk(EC_KEY, as_dict=True), "kid": "private"}
SECRET = {"kty": "oct", "k": "c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LXNlY3JldA", "kid": "secret"}


@pytest.fixture
def issuer() -> Iterator[Issuer]:
    with issuer_on_loopback() as started:
        yield started


def identify(issuer: Issuer, token: str | None = None, *, name: str | None = None) -> str:
    identity = OidcIdentity(name or issuer.url, "takeaway-api")
    return identity.identify(f"Bearer {token or issuer.token()}").party_id


DEEP = b'{"keys": ' + b"[" * 100_000
BAD_DOCUMENTS: list[Any] = [
    b"<html>maintenance</html>",
    b"",
    b'{"jwks_uri": "http',
    b"\xff\xfe\x00",
    [],
    None,
    7,
    {},
    {"jwks_uri": 5},
    {"jwks_uri": None},
    {"jwks_uri": ["http://127.0.0.1"]},
    {"jwks_uri": ""},
    {"jwks_uri": "/jwks.json"},
    {"jwks_uri": "file:///etc/passwd"},
    {"jwks_uri": "http://[::1"},
    DEEP,
    (500, {}),
    (404, {}),
    (302, {"Location": KEYS}),
    (301, {"Location": "file:///etc/passwd"}),
]
BAD_KEY_SETS: list[Any] = [
    b"<html>maintenance</html>",
    b'{"keys": [',
    [],
    None,
    {},
    {"keys": []},
    {"keys": {}},
    {"keys": 5},
    {"keys": [5, None, "key"]},
    {"keys": [{"kty": "RSA", "kid": "rsa"}]},
    {"keys": [{"kty": ["RSA"], "kid": "rsa", "alg": {}}]},
    {"keys": [rsa_jwk(kid=None)]},
    {"keys": [rsa_jwk(n="!")]},
    {"keys": [rsa_jwk(use="enc")]},
    {"keys": [rsa_jwk(), PRIVATE_RSA]},
    {"keys": [rsa_jwk(), PRIVATE_EC]},
    {"keys": [rsa_jwk(), SECRET]},
    DEEP,
    b" " * (issuer_keys.MAX_BYTES + 1) + json.dumps({"keys": [rsa_jwk()]}).encode(),
    (503, {}),
    (302, {"Location": CONFIGURATION}),
]


@pytest.mark.parametrize("page", BAD_DOCUMENTS, ids=itertools.count())
def test_a_bad_configuration_is_the_issuers_fault(issuer: Issuer, page: Any) -> None:
    issuer.pages[CONFIGURATION] = page
    with pytest.raises(IssuerUnavailable):
        identify(issuer)


@pytest.mark.parametrize("page", BAD_KEY_SETS, ids=itertools.count())
def test_a_bad_key_set_is_the_issuers_fault(issuer: Issuer, page: Any) -> None:
    issuer.pages[KEYS] = page
    with pytest.raises(IssuerUnavailable):
        identify(issuer)


@pytest.mark.parametrize(
    ("jwk", "key", "algorithm"),
    [
        (rsa_jwk(kid="odd", alg="PS512"), RSA_KEY, "RS256"),
        (rsa_jwk(kid="odd", alg="RS384"), RSA_KEY, "RS256"),
        (rsa_jwk(kid="odd", alg="ES256"), RSA_KEY, "RS256"),
        (ec_jwk(kid="odd", alg="ES512"), EC_KEY, "ES256"),
        (ec_jwk(OTHER_CURVE, kid="odd", alg="ES256"), EC_KEY, "ES256"),
        (rsa_jwk(kid="odd", use="enc"), RSA_KEY, "RS256"),
        (rsa_jwk(kid="odd", use=["sig"]), RSA_KEY, "RS256"),
        (rsa_jwk(kid="odd", key_ops=["encrypt"]), RSA_KEY, "RS256"),
        (rsa_jwk(kid="odd", key_ops=[]), RSA_KEY, "RS256"),
        (rsa_jwk(kid="odd", key_ops="verify"), RSA_KEY, "RS256"),
        (rsa_jwk(SHORT_KEY, kid="odd"), SHORT_KEY, "RS256"),
    ],
)
@pytest.mark.filterwarnings("ignore::jwt.InsecureKeyLengthWarning")  # the token with the short key raises it
def test_a_key_that_is_not_meant_for_it_verifies_nothing(issuer: Issuer, jwk: Any, key: Any, algorithm: str) -> None:
    token = issuer.token(key=key, algorithm=algorithm, kid="odd")
    issuer.publish(rsa_jwk(), jwk)
    with pytest.raises(Unauthenticated, match="kid"):
        identify(issuer, token)
    assert identify(issuer) == "alice"  # the other keys still work
    issuer.publish(jwk)
    with pytest.raises(IssuerUnavailable):
        identify(issuer, token)


def test_a_key_need_not_say_what_it_is_for(issuer: Issuer) -> None:
    issuer.publish(rsa_jwk(alg=None, use=None), ec_jwk(alg=None, key_ops=["verify"]), {"kty": "of tomorrow"})
    assert identify(issuer) == "alice"
    assert identify(issuer, issuer.token(key=EC_KEY, algorithm="ES256", kid="ec")) == "alice"


def test_an_issuer_that_can_not_be_reached_is_not_the_callers_fault(issuer: Issuer) -> None:
    for unreachable in ("http://127.0.0.1:9", f"{issuer.url}/elsewhere", "no url"):
        with pytest.raises(IssuerUnavailable):
            identify(issuer, name=unreachable)


def test_an_issuer_that_does_not_answer_in_time_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(issuer_keys, "TIMEOUT_SECONDS", 0.05)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(IssuerUnavailable):
            identify(Issuer(url))


def test_the_issuer_is_asked_once_for_many_tokens(issuer: Issuer) -> None:
    identity = OidcIdentity(issuer.url, "takeaway-api")
    for _ in range(3):
        assert identity.identify(f"Bearer {issuer.token()}").party_id == "alice"
    assert issuer.asked == [CONFIGURATION, KEYS]


def test_tokens_of_known_keys_hold_while_the_issuer_is_broken_and_those_of_a_new_key_afterwards(issuer: Issuer) -> None:
    identity = OidcIdentity(issuer.url, "takeaway-api")
    new = issuer.token(key=EC_KEY, algorithm="ES256", kid="new")
    issuer.publish(rsa_jwk())
    assert identity.identify(f"Bearer {issuer.token()}").party_id == "alice"
    issuer.pages[KEYS] = b"<html>"
    with pytest.raises(IssuerUnavailable):
        identity.identify(f"Bearer {new}")
    assert identity.identify(f"Bearer {issuer.token()}").party_id == "alice"
    issuer.publish(rsa_jwk(), ec_jwk(kid="new"))
    assert identity.identify(f"Bearer {new}").party_id == "alice"


@pytest.mark.parametrize("slash", ["", "/"])
def test_an_issuer_is_compared_to_the_letter_and_only_its_address_goes_without_the_last_slash(
    issuer: Issuer, slash: str
) -> None:
    name = f"{issuer.url}/tenant{slash}"
    issuer.pages[f"/tenant{CONFIGURATION}"] = issuer.pages[CONFIGURATION]
    assert identify(issuer, issuer.token(iss=name), name=name) == "alice"
    for other in (f"{name}/", name.removesuffix("/") if slash else f"{name}%2F", name.upper(), issuer.url):
        with pytest.raises(Unauthenticated, match="ssuer"):
            identify(issuer, issuer.token(iss=other), name=name)


def test_the_api_answers_503_and_tells_neither_why_nor_where(issuer: Issuer) -> None:
    issuer.pages[KEYS] = b"<html>"
    world = World(identity=OidcIdentity(issuer.url, "takeaway-api"))  # type: ignore[arg-type]
    got = answer(event("GET", "/orders", None, {"Authorization": f"Bearer {issuer.token()}"}), None, world)
    assert (got["statusCode"], got["headers"]["Retry-After"]) == (503, "1")
    assert "127.0.0.1" not in got["body"]
