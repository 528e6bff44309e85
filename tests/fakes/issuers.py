"""An OpenID Connect issuer on loopback, which publishes whatever a test gives it, right or wrong."""

import base64
import json
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa

CONFIGURATION = "/.well-known/openid-configuration"
KEYS = "/jwks.json"
RSA_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
EC_KEY = ec.generate_private_key(ec.SECP256R1())


def rsa_jwk(key: rsa.RSAPrivateKey = RSA_KEY, **members: Any) -> dict[str, Any]:
    """Return the public key as issuers publish it. `members` replace its own; None leaves one out."""
    jwk = jwt.algorithms.RSAAlgorithm.to_jwk(key.public_key(), as_dict=True)
    return _published({**jwk, "kid": "rsa", "alg": "RS256", "use": "sig", "key_ops": None, **members})


def ec_jwk(key: ec.EllipticCurvePrivateKey = EC_KEY, **members: Any) -> dict[str, Any]:
    jwk = jwt.algorithms.ECAlgorithm.to_jwk(key.public_key(), as_dict=True)
    return _published({**jwk, "kid": "ec", "alg": "ES256", **members})


def _published(jwk: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in jwk.items() if value is not None}


@dataclass
class Issuer:
    """An issuer whose `pages` are its answers by path: JSON, bytes as they are, or a status with headers."""

    url: str
    pages: dict[str, Any] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def publish(self, *jwks: Mapping[str, Any]) -> None:
        self.pages = {
            CONFIGURATION: {"issuer": self.url, "jwks_uri": f"{self.url}{KEYS}"},
            KEYS: {"keys": list(jwks)},
        }

    def token(self, *, key: Any = RSA_KEY, algorithm: str = "RS256", kid: str | None = "rsa", **claims: Any) -> str:
        """Return a signed token; claims that are None are left out."""
        standard = {"iss": self.url, "aud": "takeaway-api", "sub": "alice", "role": "customer", "exp": _soon()}
        held = {name: value for name, value in {**standard, **claims}.items() if value is not None}
        content = json.dumps(held).encode()  # dumped here, because jwt.encode refuses some wrong claims
        return jwt.PyJWS().encode(content, key, algorithm=algorithm, headers={"kid": kid} if kid else {})


def unsigned(header: Any, claims: Any, signature: str = "") -> str:
    """Return a token with any header and claims, under a signature that is not valid."""
    return f"{_part(header)}.{_part(claims)}.{signature}"


@contextmanager
def issuer_on_loopback() -> Iterator[Issuer]:
    class Pages(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            issuer.asked.append(self.path)
            page = issuer.pages.get(self.path, (404, {}))
            status, headers = page if isinstance(page, tuple) else (200, {})
            content = page if isinstance(page, bytes) else b"" if isinstance(page, tuple) else json.dumps(page).encode()
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Pages)
    issuer = Issuer(f"http://127.0.0.1:{server.server_address[1]}")
    issuer.publish(rsa_jwk(), ec_jwk())
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield issuer
    server.shutdown()
    server.server_close()


def _part(content: Any) -> str:
    text = content if isinstance(content, str) else json.dumps(content)
    return base64.urlsafe_b64encode(text.encode()).rstrip(b"=").decode()


def _soon() -> float:
    return time.time() + 60
