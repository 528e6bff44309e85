"""The local issuer's tokens are valid against its own documents, and against nothing else."""

import time
from pathlib import Path

import jwt
import pytest

from takeaway.errors import TakeawayError
from takeaway.issuer import CONFIGURATION, KEYS, LocalIssuer, url_of
from takeaway.run.client.people import Tokens, customer_of
from takeaway.run.client.target import Target
from takeaway.run.engine.home import Home

URL = "http://127.0.0.1:4566/takeaway-dev-issuer"


@pytest.fixture
def issuer(tmp_path: Path) -> LocalIssuer:
    return LocalIssuer(URL, tmp_path / "home" / "key.pem")


def claims(token: str, issuer: LocalIssuer, **expected: str) -> dict[str, object]:
    """Return the claims, verified as any OpenID Connect client would."""
    keys = jwt.PyJWKSet.from_dict(issuer.documents()[KEYS])
    key = keys[jwt.get_unverified_header(token)["kid"]]
    expected = {"issuer": URL, "audience": "takeaway-api", **expected}
    return dict(jwt.decode(token, key, algorithms=["RS256"], **expected))  # type: ignore[arg-type]


def test_a_customers_token_verifies_against_the_published_key(issuer: LocalIssuer) -> None:
    told = claims(issuer.token(role="customer", subject="anna", ttl_seconds=60), issuer)
    assert (told["sub"], told["role"]) == ("anna", "customer")
    assert "restaurant_id" not in told
    assert 0 < int(str(told["exp"])) - time.time() <= 60


def test_a_restaurants_token_says_which_one(issuer: LocalIssuer) -> None:
    told = claims(issuer.token(role="restaurant", subject="staff", restaurant_id="trattoria-roma"), issuer)
    assert told["restaurant_id"] == "trattoria-roma"


def test_claims_can_be_forged_for_tests(issuer: LocalIssuer) -> None:
    forged = issuer.token(role="customer", subject="anna", aud="another-api")
    with pytest.raises(jwt.InvalidAudienceError):
        claims(forged, issuer)


def test_a_token_of_another_key_does_not_verify(issuer: LocalIssuer, tmp_path: Path) -> None:
    other = LocalIssuer(URL, tmp_path / "other.pem")
    assert other.key_id != issuer.key_id
    with pytest.raises(KeyError):
        claims(other.token(role="customer", subject="anna"), issuer)


def test_the_configuration_leads_to_the_keys(issuer: LocalIssuer) -> None:
    configuration = issuer.documents()[CONFIGURATION]
    assert configuration["issuer"] == URL
    assert configuration["jwks_uri"] == f"{URL}/{KEYS}"
    assert url_of("http://127.0.0.1:4566", "takeaway-dev") == URL


def test_a_slash_at_the_end_is_part_of_the_issuers_name_and_of_no_address(tmp_path: Path) -> None:
    issuer = LocalIssuer(f"{URL}/", tmp_path / "key.pem")
    configuration = issuer.documents()[CONFIGURATION]
    assert (configuration["issuer"], configuration["jwks_uri"]) == (f"{URL}/", f"{URL}/{KEYS}")
    told = jwt.decode(issuer.token(role="customer", subject="anna"), options={"verify_signature": False})
    assert told["iss"] == f"{URL}/"


def test_what_is_published_holds_no_private_part_of_the_key(issuer: LocalIssuer) -> None:
    (key,) = issuer.documents()[KEYS]["keys"]
    assert key.keys() == {"kty", "use", "alg", "kid", "n", "e"}


def test_the_key_is_kept_for_its_owner_only(issuer: LocalIssuer) -> None:
    token = issuer.token(role="customer", subject="anna")
    assert issuer.key_file.stat().st_mode & 0o777 == 0o600
    again = LocalIssuer(URL, issuer.key_file)
    assert claims(token, again)["sub"] == "anna"


def test_on_aws_tokens_come_from_elsewhere(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    tokens = Tokens(Target(home), "https://issuer.example.com")
    monkeypatch.delenv("TAKEAWAY_TOKEN", raising=False)
    with pytest.raises(TakeawayError, match="TAKEAWAY_TOKEN"):
        tokens.customer("anna")
    monkeypatch.setenv("TAKEAWAY_TOKEN", "given")
    assert tokens.customer("anna") == tokens.restaurant("trattoria-roma") == "given"


def test_a_customers_id_is_stable_and_does_not_tell_the_address() -> None:
    assert customer_of("Anna@example.com ") == customer_of("anna@example.com")
    assert "anna" not in customer_of("anna@example.com")
