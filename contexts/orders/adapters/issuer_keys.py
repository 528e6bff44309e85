"""The published keys of an OpenID Connect issuer.

They are found by the issuer's configuration document, and PyJWT caches them.
"""

import json
import time
import urllib.request
from typing import Any
from urllib.parse import urlsplit

import jwt

from contexts.orders.application.callers import IssuerUnavailable

ALGORITHMS = ["RS256", "ES256"]  # asymmetric only: a token can't choose a weaker way, or none
CONFIGURATION = "/.well-known/openid-configuration"
TIMEOUT_SECONDS = 3
MAX_BYTES = 256 * 1024  # of one document; those of large issuers have a few thousand
# members of a JSON Web Key that are secret: RFC 7518, sections 6.2.2, 6.3.2 and 6.4
PRIVATE = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k"})


class IssuerKeys(jwt.PyJWKClient):
    """The keys that tokens may be signed with.

    Raises IssuerUnavailable for any error in fetching or reading the issuer's documents.
    """

    def __init__(self, issuer: str) -> None:
        try:
            super().__init__(_jwks_uri(issuer))
        except Exception as error:
            raise IssuerUnavailable from error

    def fetch_data(self) -> Any:
        """Fetch the keys and keep those that may verify tokens.

        Overrides PyJWT's method, which would take an answer of any size and keys of any use.
        """
        try:
            return {"keys": _usable(_document(self.uri))}
        except Exception as error:
            raise IssuerUnavailable from error


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        """Follow no redirect. urllib then raises an error, because a key must come from the issuer's own URL."""


def _jwks_uri(issuer: str) -> str:
    # OpenID Connect Discovery 1.0, section 4.1: here, and nowhere else, the issuer's last slash does not count
    configuration = issuer.rstrip("/") + CONFIGURATION
    uri = _document(configuration).get("jwks_uri")
    schemes = {"https", urlsplit(issuer).scheme} & {"https", "http"}  # never less safe than the issuer
    if not isinstance(uri, str) or urlsplit(uri).scheme not in schemes:
        raise ValueError(f"jwks_uri of {configuration}: expected a URL ({' or '.join(sorted(schemes))}), got {uri!r}")
    return uri


def _document(url: str) -> dict[str, Any]:
    begun = time.monotonic()
    content = b""
    with urllib.request.build_opener(_NoRedirects).open(url, timeout=TIMEOUT_SECONDS) as answer:
        while part := answer.read1(MAX_BYTES):
            content += part
            if len(content) > MAX_BYTES or time.monotonic() - begun > TIMEOUT_SECONDS:
                raise ValueError(f"{url}: expected at most {MAX_BYTES} bytes within {TIMEOUT_SECONDS} s")
    document = json.loads(content)
    if not isinstance(document, dict):
        raise TypeError(f"{url}: expected a JSON object")
    return document


def _usable(jwks: dict[str, Any]) -> list[dict[str, Any]]:
    keys = [key for key in jwks["keys"] if isinstance(key, dict)]
    if any(PRIVATE & key.keys() for key in keys):
        raise ValueError("the issuer publishes a private key: anyone can sign its tokens")
    usable = [key for key in keys if _verifies(key)]
    if not usable:
        raise ValueError(f"none of the issuer's {len(keys)} keys is for {' or '.join(ALGORITHMS)}, and long enough")
    return usable


def _verifies(key: dict[str, Any]) -> bool:
    """Tell whether a key is meant to verify signatures with one of ALGORITHMS, and is long enough."""
    use, operations = key.get("use"), key.get("key_ops")
    if use not in (None, "sig") or not (
        operations is None or (isinstance(operations, list) and "verify" in operations)
    ):
        return False
    try:
        read = jwt.PyJWK(key)
        weak = read.Algorithm.check_key_length(read.Algorithm.prepare_key(read.key))
    except Exception:  # noqa: BLE001 - an unreadable key must not make the others unusable
        return False
    return not weak and read.algorithm_name in ALGORITHMS and isinstance(read.key_id, str)
