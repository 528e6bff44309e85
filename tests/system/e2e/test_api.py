"""The API on a real engine: permissions and refusals."""

from urllib.parse import urljoin, urlsplit
from uuid import uuid4

import httpx
import jwt
import pytest

from takeaway.errors import Refused
from takeaway.issuer import LocalIssuer
from takeaway.run.client.api import TIMEOUT_SECONDS
from takeaway.run.client.system import System
from tests.fakes.issuers import unsigned
from tests.fakes.people import RESTAURANT, Customer, Restaurant

pytestmark = pytest.mark.engine


def place(system: System, token: str | None, body: object = None, *, key: str | None = None) -> httpx.Response:
    headers = {"Idempotency-Key": key or str(uuid4())} | ({"Authorization": f"Bearer {token}"} if token else {})
    return system.api.request("POST", "", json=body, headers=headers)


@pytest.fixture
def forger(system: System, tmp_path_factory: pytest.TempPathFactory) -> LocalIssuer:
    """Return an issuer that signs the same claims with a key of its own."""
    return LocalIssuer(system.tokens.issuer.url, tmp_path_factory.mktemp("forger") / "key.pem")


def test_a_request_without_a_good_token_is_refused(system: System, customer: Customer, forger: LocalIssuer) -> None:
    issuer = system.tokens.issuer
    bad = {
        "none": None,
        "not a token": "anna",
        "forged": forger.token(role="customer", subject="anna"),
        "unsigned": jwt.encode({"sub": "anna", "role": "customer"}, None, algorithm="none"),
        "expired": issuer.token(role="customer", subject="anna", ttl_seconds=-60),
        "for another API": issuer.token(role="customer", subject="anna", aud="another-api"),
        "of another issuer": issuer.token(role="customer", subject="anna", iss="https://issuer.example.com"),
        "of the issuer, but for a slash": issuer.token(role="customer", subject="anna", iss=f"{issuer.url}/"),
        "of another way than its key": unsigned({"alg": "ES256", "kid": issuer.key_id}, {}, "AAAA"),
        "with a kid that is no text": unsigned({"alg": "RS256", "kid": "\ud800"}, {}, "AAAA"),
        "critical of what nobody knows": unsigned(
            {"alg": "RS256", "kid": issuer.key_id, "crit": ["\udfff"]}, {}, "AAAA"
        ),
        "of half a character": issuer.token(role="customer", subject="\ud800"),
    }
    answers = {what: place(system, token, customer.order()) for what, token in bad.items()}
    assert {what: answer.status_code for what, answer in answers.items()} == dict.fromkeys(bad, 401)
    assert {answer.headers["content-type"] for answer in answers.values()} == {"application/problem+json"}


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/nothing"),
        ("POST", "/v2/orders"),
        ("DELETE", "/orders"),
        ("PATCH", "/orders/some-id"),
        ("GET", "/orders/some-id/accept"),
    ],
)
def test_what_the_api_has_not_is_answered_by_the_function(
    system: System, customer: Customer, method: str, path: str
) -> None:
    headers = {"Authorization": f"Bearer {customer.token}"}
    answer = httpx.request(method, f"{system.api.url}{path}", headers=headers, timeout=TIMEOUT_SECONDS)
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")
    assert answer.json()["status"] == 404
    assert customer.token not in answer.text


@pytest.mark.parametrize("depth", [17, 980, 30_000])
def test_a_body_of_any_depth_gets_the_same_sentence(system: System, customer: Customer, depth: int) -> None:
    headers = {"Authorization": f"Bearer {customer.token}", "Content-Type": "application/json", "Idempotency-Key": "k"}
    answer = system.api.request("POST", "", content="[" * depth + "]" * depth, headers=headers)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "body")
    assert "in each other" in answer.json()["errors"][0]["message"]


@pytest.mark.parametrize("slash", ["", "/"])
def test_a_placed_order_is_where_its_location_says(system: System, customer: Customer, slash: str) -> None:
    headers = {"Authorization": f"Bearer {customer.token}"}
    placed = system.api.request(
        "POST", slash, json=customer.order(), headers={**headers, "Idempotency-Key": str(uuid4())}
    )
    assert placed.status_code == 202
    found = httpx.get(urljoin(str(placed.url), placed.headers["Location"]), headers=headers, timeout=TIMEOUT_SECONDS)
    assert (found.status_code, found.json()["order_id"]) == (200, placed.json()["order_id"])


@pytest.mark.embedded("a domain of one's own is an API Gateway's that knows base paths, and hosts by their name")
@pytest.mark.parametrize("base", ["", "shop", "eu/v1.2"])
def test_the_api_is_the_same_behind_a_custom_domain(system: System, customer: Customer, base: str) -> None:
    """Tried at a base path of the domain and at its root, beside the stage's own host."""
    gateway, domain = system.target.client("apigateway"), f"{uuid4().hex[:8]}.shop.example.com"
    api, stage = system.stacks.output("orders", "ApiId"), system.stacks.output("orders", "ApiStage")
    gateway.create_domain_name(domainName=domain, endpointConfiguration={"types": ["REGIONAL"]})
    gateway.create_base_path_mapping(domainName=domain, basePath=base or "(none)", restApiId=api, stage=stage)
    try:
        for host, path in [(domain, f"{base}/orders".lstrip("/")), (f"{api}.execute-api.localhost", f"{stage}/orders")]:
            found = follow(system, customer, host, path)
            assert found.status_code == 200, (host, found.text)
    finally:
        gateway.delete_domain_name(domainName=domain)


def follow(system: System, customer: Customer, host: str, path: str) -> httpx.Response:
    """Place an order at this address, and fetch it from the Location of the answer."""
    endpoint = urlsplit(str(system.target.endpoint))
    headers = {"Host": f"{host}:{endpoint.port}", "Authorization": f"Bearer {customer.token}"}
    url = f"{endpoint.geturl()}/{path}"
    keyed = {**headers, "Idempotency-Key": str(uuid4())}
    placed = httpx.post(url, json=customer.order(), headers=keyed, timeout=TIMEOUT_SECONDS)
    assert placed.status_code == 202, placed.text
    return httpx.get(urljoin(url, placed.headers["Location"]), headers=headers, timeout=TIMEOUT_SECONDS)


def test_someone_elses_order_is_not_there(system: System, customer: Customer) -> None:
    order_id = customer.places()
    strangers = [system.tokens.customer("a-stranger"), system.tokens.restaurant("sakura-tei")]
    for token in strangers:
        with pytest.raises(Refused) as refused:
            system.api.order(order_id, token=token)
        assert refused.value.status == 404
    with pytest.raises(Refused) as refused:
        Restaurant(system, "sakura-tei").accepts(order_id)
    assert refused.value.status == 404


def test_the_restaurant_of_an_order_sees_it_too(system: System, customer: Customer, restaurant: Restaurant) -> None:
    order_id = customer.places()
    restaurant.hears_of(order_id)
    assert system.api.order(order_id, token=restaurant.token)["restaurant_id"] == RESTAURANT


def test_an_order_that_is_decided_can_not_be_decided_otherwise(customer: Customer, restaurant: Restaurant) -> None:
    order_id = customer.places()
    restaurant.rejects(order_id, "No more dough")
    with pytest.raises(Refused, match="reject") as refused:
        restaurant.accepts(order_id)
    assert refused.value.status == 409


def test_every_wrong_field_is_named_and_nothing_is_kept(system: System, customer: Customer) -> None:
    wrong = customer.order(
        items=[
            {"name": "Air", "quantity": 0, "unit_price": {"amount": 100, "currency": "EUR"}},
            {"name": "Debt", "quantity": 1, "unit_price": {"amount": -1, "currency": "EUR"}},
            {"name": "Half", "quantity": 1, "unit_price": {"amount": 0.5, "currency": "ZZZ"}},
        ],
        tip=1,
    )
    key = str(uuid4())
    answer = place(system, customer.token, wrong, key=key)
    assert answer.status_code == 422
    fields = {error["field"] for error in answer.json()["errors"]}
    assert fields == {
        "items.0.quantity",
        "items.1.unit_price.amount",
        "items.2.unit_price.amount",
        "items.2.unit_price.currency",
        "tip",
    }
    assert place(system, customer.token, customer.order(), key=key).status_code == 202  # the key is still free


def test_the_same_key_and_order_place_one_order(system: System, customer: Customer) -> None:
    key = str(uuid4())
    ids = {system.api.place(customer.order(), token=customer.token, idempotency_key=key) for _ in range(3)}
    assert len(ids) == 1
    with pytest.raises(Refused) as refused:
        system.api.place(customer.order(note="another"), token=customer.token, idempotency_key=key)
    assert refused.value.status in (409, 422)
