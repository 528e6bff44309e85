"""Identity against a real issuer on loopback: keys that it publishes, tokens that it signed, and everything else."""

import base64
import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from contexts.orders.adapters.oidc_identity import IssuerUnavailable, OidcIdentity, Unauthenticated
from contexts.orders.domain.identity import Identity, Role

KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
OTHER_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
EC_KEY = ec.generate_private_key(ec.SECP256R1())


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    rsa_jwk = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(KEY.public_key())) | {"kid": "rsa", "alg": "RS256"}
    ec_jwk = json.loads(jwt.algorithms.ECAlgorithm.to_jwk(EC_KEY.public_key())) | {"kid": "ec", "alg": "ES256"}

    class Pages(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            base = f"http://127.0.0.1:{self.server.server_address[1]}"
            pages = {
                "/.well-known/openid-configuration": {"issuer": base, "jwks_uri": f"{base}/jwks.json"},
                "/jwks.json": {"keys": [rsa_jwk, ec_jwk]},
            }
            self.send_response(200 if self.path in pages else 404)
            self.end_headers()
            self.wfile.write(json.dumps(pages.get(self.path, {})).encode())

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Pages)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


def token(issuer: str, *, key: Any = KEY, algorithm: str = "RS256", kid: str = "rsa", **claims: Any) -> str:
    standard = {"iss": issuer, "aud": "takeaway-api", "sub": "alice", "role": "customer", "exp": time.time() + 60}
    held = {name: value for name, value in {**standard, **claims}.items() if value is not None}
    return jwt.encode(held, key, algorithm=algorithm, headers={"kid": kid})


def unsigned(issuer: str) -> str:
    def part(content: dict[str, Any]) -> str:
        return base64.urlsafe_b64encode(json.dumps(content).encode()).rstrip(b"=").decode()

    claims = {"iss": issuer, "aud": "takeaway-api", "sub": "alice", "role": "customer", "exp": time.time() + 60}
    return f"{part({'alg': 'none', 'typ': 'JWT', 'kid': 'rsa'})}.{part(claims)}."


def identify(issuer: str, signed: str) -> Identity:
    return OidcIdentity(issuer, "takeaway-api").identify(f"Bearer {signed}")


def test_a_customer_is_known_by_sub_and_a_restaurant_by_restaurant_id(issuer: str) -> None:
    assert identify(issuer, token(issuer)) == Identity(Role.CUSTOMER, "alice")
    restaurant = token(issuer, role="restaurant", restaurant_id="trattoria-roma")
    assert identify(issuer, restaurant) == Identity(Role.RESTAURANT, "trattoria-roma")
    assert identify(issuer, token(issuer, key=EC_KEY, algorithm="ES256", kid="ec")).party_id == "alice"


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"key": OTHER_KEY}, "ignature"),
        ({"kid": "unknown"}, "key"),
        ({"exp": 1}, "expired"),
        ({"exp": None}, "exp"),
        ({"aud": "another-api"}, "udience"),
        ({"aud": None}, "aud"),
        ({"iss": "https://evil.example.com"}, "ssuer"),
        ({"nbf": 4102444800}, "not yet valid"),
        ({"sub": None}, "sub"),
        ({"sub": "x" * 256}, "role"),
        ({"role": "admin"}, "role"),
        ({"role": None}, "role"),
        ({"role": ["customer"]}, "role"),
        ({"role": "restaurant"}, "restaurant_id"),
        ({"role": "restaurant", "restaurant_id": ""}, "restaurant_id"),
        ({"role": "restaurant", "restaurant_id": 7}, "restaurant_id"),
        ({"key": "a-secret-that-is-long-enough-for-hs256", "algorithm": "HS256"}, "RS256, ES256"),
    ],
)
def test_a_token_that_does_not_hold_says_why_and_is_not_quoted(issuer: str, wrong: dict[str, Any], why: str) -> None:
    signed = token(issuer, **wrong)
    with pytest.raises(Unauthenticated, match=why) as refused:
        identify(issuer, signed)
    assert signed not in str(refused.value)


def test_an_unsigned_token_is_refused(issuer: str) -> None:
    with pytest.raises(Unauthenticated, match="RS256, ES256"):
        identify(issuer, unsigned(issuer))


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer ", "Basic YTpi", "Bearer not.a.token", "Bearer ü"])
def test_a_header_that_is_no_bearer_token_is_refused(issuer: str, header: str | None) -> None:
    with pytest.raises(Unauthenticated):
        OidcIdentity(issuer, "takeaway-api").identify(header)


def test_an_issuer_that_can_not_be_asked_is_not_the_callers_fault(issuer: str) -> None:
    for unreachable in ("http://127.0.0.1:9", f"{issuer}/elsewhere"):
        with pytest.raises(IssuerUnavailable):
            identify(unreachable, token(issuer))


def test_the_issuer_is_asked_once_for_many_tokens(issuer: str, monkeypatch: pytest.MonkeyPatch) -> None:
    identity = OidcIdentity(issuer, "takeaway-api")
    identity.identify(f"Bearer {token(issuer)}")
    monkeypatch.setattr("urllib.request.urlopen", lambda *_, **__: pytest.fail("asked again"))
    assert identity.identify(f"Bearer {token(issuer)}").party_id == "alice"
