"""A local OpenID Connect issuer: signs tokens for people and tests, and makes the documents with its public key.

For engines on this machine only. On AWS tokens come from the identity provider that the deployment names.
"""

import hashlib
import os
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

AUDIENCE = "takeaway-api"
ALGORITHM = "RS256"
KEY_BITS = 2048
DEFAULT_TTL_SECONDS = 3600
CONFIGURATION = ".well-known/openid-configuration"
KEYS = "jwks.json"


def bucket_of(prefix: str) -> str:
    return f"{prefix}-issuer"


def url_of(endpoint: str, prefix: str) -> str:
    """Return the issuer's URL. It is known before anything is deployed, because functions get it as a parameter."""
    return f"{endpoint}/{bucket_of(prefix)}"


@dataclass(frozen=True)
class LocalIssuer:
    """Signs tokens with the key in `key_file`, which is made if it does not exist."""

    url: str
    key_file: Path

    def token(
        self,
        *,
        role: str,
        subject: str,
        restaurant_id: str | None = None,
        ttl_seconds: int = DEFAULT_TTL_SECONDS,
        **other_claims: object,
    ) -> str:
        """Sign a JWT as the API expects it. `other_claims` override the rest, so that tests can make wrong tokens."""
        import jwt  # noqa: PLC0415 - most commands need no token

        now = int(time.time())
        claims: dict[str, Any] = {
            "iss": self.url,
            "aud": AUDIENCE,
            "sub": subject,
            "role": role,
            "iat": now,
            "exp": now + ttl_seconds,
        }
        if restaurant_id:
            claims["restaurant_id"] = restaurant_id
        return jwt.encode(claims | other_claims, self._key, algorithm=ALGORITHM, headers={"kid": self.key_id})

    def documents(self) -> dict[str, dict[str, Any]]:
        """Return the issuer's public documents by path: its OpenID configuration and its key set."""
        key = {**self._public, "use": "sig", "alg": ALGORITHM, "kid": self.key_id}
        configuration = {
            "issuer": self.url,
            "jwks_uri": self.address(KEYS),
            "id_token_signing_alg_values_supported": [ALGORITHM],
            "response_types_supported": ["id_token"],
            "subject_types_supported": ["public"],
        }
        return {CONFIGURATION: configuration, KEYS: {"keys": [key]}}

    def address(self, path: str) -> str:
        """Return a document's URL. `url` may end with a slash, which is part of the issuer's name."""
        return f"{self.url.rstrip('/')}/{path}"

    @cached_property
    def key_id(self) -> str:
        return hashlib.sha256(self._public["n"].encode()).hexdigest()[:16]

    @cached_property
    def _public(self) -> dict[str, str]:
        from jwt.algorithms import RSAAlgorithm  # noqa: PLC0415 - as above

        key = RSAAlgorithm.to_jwk(self._key.public_key(), as_dict=True)
        return {member: key[member] for member in ("kty", "n", "e")}

    @cached_property
    def _key(self) -> "RSAPrivateKey":
        from cryptography.hazmat.primitives import serialization  # noqa: PLC0415
        from cryptography.hazmat.primitives.asymmetric import rsa  # noqa: PLC0415

        if not self.key_file.exists():
            key = rsa.generate_private_key(public_exponent=65537, key_size=KEY_BITS)
            pem = key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
            _keep(self.key_file, pem)
        kept = serialization.load_pem_private_key(self.key_file.read_bytes(), password=None)
        assert isinstance(kept, rsa.RSAPrivateKey)  # noqa: S101 - this module wrote it
        return kept


def _keep(file: Path, content: bytes) -> None:
    """Write a file atomically, readable by its owner alone; a file that another command has written meanwhile stays."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(prefix=f".{file.stem}-", dir=file.parent) as unfinished:
        unfinished.write(content)
        unfinished.flush()
        with suppress(FileExistsError):
            os.link(unfinished.name, file)
