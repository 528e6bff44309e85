"""JSON that callers send: its depth, the equality of two bodies, and that none breaks the API."""

import base64
import json
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from contexts.orders.api.bodies import MAX_DEPTH
from contexts.orders.api.service import answer
from tests.fakes.orders import World
from tests.orders.test_api import body, call, event, place

KEY = {"Idempotency-Key": "k"}
# the hash that an earlier version made of `body()`
# the hash of `body()` without its note, which must not change when the model does
SENT = "b1ef70987f9f51eafe59589581fc097109f51d2695ef2899e2b285271d73a13d"  # pragma: allowlist secret
# depths around the limits of different interpreters, and far beyond
DEPTHS = [MAX_DEPTH + 1, 100, 500, *range(970, 1000, 5), 5_000, 30_000]


@pytest.mark.parametrize("depth", DEPTHS)
@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ('{"a":', "}"), ('[{"a":', "}]")])
def test_a_body_that_is_too_deep_is_refused_in_one_sentence_at_any_depth(
    depth: int, opening: str, closing: str
) -> None:
    pairs = min(depth, 60_000 // len(opening + closing))
    deep = opening * pairs + "1" + closing * pairs
    for sent in (deep, f'{{"note": {deep}}}', f'{{"note": {deep}, "note": "the last one counts"}}', opening * pairs):
        world = World()
        for path, who in [("/orders", "alice"), ("/orders/1/reject", "roma"), ("/orders/1/accept", "roma")]:
            status, problem, _ = call(world, "POST", path, sent, who=who, headers=KEY)
            assert status == 400
            assert problem["errors"] == [
                {"field": "body", "message": "expected at most 16 objects and lists in each other"}
            ]
        assert not world.workflow.started


def test_what_is_deep_enough_is_read_and_brackets_in_a_text_do_not_count() -> None:
    deep = "[" * (MAX_DEPTH - 1) + "]" * (MAX_DEPTH - 1)
    status, problem, _ = call(World(), "POST", "/orders", f'{{"tip": {deep}}}', headers=KEY)
    assert (status, "tip" in {error["field"] for error in problem["errors"]}) == (422, True)
    assert place(World(), body(note='"[{' * 300))[0] == 202
    assert place(World(), body(note="\\" * 301 + '"' + "[" * 300))[0] == 202


@pytest.mark.parametrize("constant", ["NaN", "Infinity", "-Infinity"])
def test_numbers_that_json_does_not_have_are_no_json(constant: str) -> None:
    sent = json.dumps(body()).replace("950", constant)
    status, problem, _ = call(World(), "POST", "/orders", sent, headers=KEY)
    assert (status, problem["errors"]) == (400, [{"field": "body", "message": "expected JSON"}])


@pytest.mark.parametrize("kind", ["application/json", "Application/JSON", "APPLICATION/JSON; charset=utf-8", ""])
def test_a_media_type_may_be_written_in_capital_letters(kind: str) -> None:
    assert answered(json.dumps(body()), kind)["statusCode"] == 202


def test_a_cursor_is_json_from_a_caller_too() -> None:
    deep = "[" * 150 + "]" * 150
    for held in (
        deep,
        f'["9", {deep}]',
        '["\\ud800", "order"]',
        '["9", "\\udfff"]',
        '["9", "a\\nb"]',
        "[NaN, 1]",
        "[9]",
    ):
        cursor = base64.urlsafe_b64encode(held.encode()).decode()
        status, problem, _ = call(World(), "GET", "/orders", query={"cursor": cursor})
        assert (status, problem["errors"][0]["field"]) == (400, "cursor")


def test_a_field_of_the_callers_is_named_in_plain_ascii() -> None:
    for name, named in [("\u202e", "\u202e"), ("é\x00", "é\x00"), ("\ud800", "body")]:
        sent = json.dumps({**body(), name: 1})
        got = answered(sent)
        assert (got["statusCode"], got["body"].isascii()) == (422, True)
        assert [error["field"] for error in json.loads(got["body"])["errors"]] == [named]


def test_the_hash_is_of_what_was_sent_however_it_is_written_and_whatever_the_model_adds_to_it() -> None:
    def hash_of(sent: Any) -> str:
        world = World()
        assert place(world, sent)[0] == 202
        return next(iter(world.orders.fingerprints.values()))

    plain = body()
    del plain["note"]
    assert hash_of(plain) == SENT
    assert hash_of(json.dumps(dict(reversed(plain.items())), indent=4)) == hash_of(plain)
    assert hash_of({**plain, "note": ""}) != hash_of(plain)  # a default may change later, so it is not the same request
    assert hash_of({**plain, "delivery_address": " Via Appia 1"}) != hash_of(plain)


def answered(sent: str, media_type: str = "application/json", key: str = "k") -> dict[str, Any]:
    """Return the API's answer, as it goes back to API Gateway."""
    headers = {"Authorization": "Bearer alice", "Content-Type": media_type, "Idempotency-Key": key}
    return answer(event("POST", "/orders", sent, headers), None, World())


TEXT = st.text(st.characters(codec=None), max_size=6)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=6,
)
MONEY = ANYTHING | st.fixed_dictionaries({"amount": ANYTHING, "currency": ANYTHING})
LINE = ANYTHING | st.fixed_dictionaries({"name": ANYTHING, "quantity": ANYTHING, "unit_price": MONEY})
BODIES = ANYTHING | st.fixed_dictionaries(
    {},
    optional={
        "restaurant_id": ANYTHING,
        "items": ANYTHING | st.lists(LINE, max_size=2),
        "delivery_address": ANYTHING,
        "note": ANYTHING,
    },
)


@settings(max_examples=100, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(BODIES, TEXT, TEXT | st.sampled_from(["application/json", "Application/Json;", " application/json"]))
@example(body(), "\ud800", "application/json")
@example({"\ud800": 1}, "k", "application/json")
def test_no_json_key_or_media_type_is_a_fault_of_ours(sent: Any, key: str, media_type: str) -> None:
    got = answered(json.dumps(sent), media_type, key)
    assert got["statusCode"] < 500
    assert got["body"].isascii()
