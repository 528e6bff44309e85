"""The same schema in other dialects demands the same: in one piece, and in draft 4 for EventBridge's registry."""

import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft4Validator, Draft7Validator, Draft202012Validator

from shared import schema_tools
from shared.schema_tools.bundle import Bundle, bundled
from shared.schema_tools.delivered import delivered
from shared.schema_tools.draft4 import NotInDraft4, draft4

EVENTS = pytest.mark.parametrize("event", schema_tools.events(), ids=lambda event: schema_tools.name_of(*event))
Event = tuple[str, int, str]
SUSPECT: tuple[Any, ...] = (
    None,
    "",
    0,
    -1,
    1.5,
    2,
    True,
    [],
    {},
    "accepted",
    "x" * 300,
    [{}],
    {"name": 1},
    ["one"] * 101,
)


def spoilt(node: Any) -> Iterator[Any]:
    """Yield the event again and again, each time with one field removed or one value replaced."""
    children = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, value in list(children):
        for other in SUSPECT:
            yield _with(node, key, other)
        for inner in spoilt(value):
            yield _with(node, key, inner)
        gone = copy.copy(node)
        del gone[key]
        yield gone


def _with(node: Any, key: Any, value: Any) -> Any:
    changed = copy.copy(node)
    changed[key] = value
    return changed


def original(event: Event) -> Draft202012Validator:
    # formats are left out, because each draft checks them with other code and they are not translated
    return schema_tools.validator(*event).evolve(format_checker=None)


def whole(bundle: Bundle) -> dict[str, Any]:
    return {**bundle.schema, "definitions": bundle.definitions}


def in_draft4(event: Event) -> dict[str, Any]:
    return draft4(whole(bundled(*event)))


@EVENTS
def test_a_bundle_refers_to_itself_only_and_to_nothing_that_is_not_there(event: Event) -> None:
    bundle = bundled(*event, at="#/elsewhere/")
    names = {part.split('"')[0] for part in json.dumps([bundle.schema, bundle.definitions]).split('"$ref": "')[1:]}
    assert names == {f"#/elsewhere/{name}" for name in bundle.definitions}


def test_what_stands_beside_a_reference_is_kept_for_dialects_that_would_ignore_it() -> None:
    total = bundled("order_placed").schema["properties"]["data"]["properties"]["total"]
    assert (
        total["description"]
        == schema_tools.load("order_placed")["properties"]["data"]["properties"]["total"]["description"]
    )
    assert "$ref" not in total
    assert set(total["properties"]) == {"amount", "currency"}


@EVENTS
def test_a_bundle_takes_and_refuses_what_the_schema_does(event: Event) -> None:
    theirs, ours = original(event), Draft7Validator(whole(bundled(*event)))
    _agree(theirs, ours, schema_tools.example(*event)["detail"])


@EVENTS
def test_draft_4_takes_and_refuses_what_the_schema_does(event: Event) -> None:
    schema = in_draft4(event)
    Draft4Validator.check_schema(schema)
    _agree(original(event), Draft4Validator(schema), schema_tools.example(*event)["detail"])


def _agree(theirs: Draft202012Validator, ours: Draft4Validator | Draft7Validator, example: dict[str, Any]) -> None:
    assert ours.is_valid(example)
    verdicts = [(theirs.is_valid(each), ours.is_valid(each), each) for each in spoilt(example)]
    assert [each for before, after, each in verdicts if before != after] == []
    assert {before for before, _, _ in verdicts} == {True, False}


@EVENTS
def test_a_delivered_event_has_the_envelope_of_the_bus(event: Event) -> None:
    bundle = bundled(*event)
    validator = Draft7Validator({**delivered(*event, bundle.schema), "definitions": bundle.definitions})
    example = schema_tools.example(*event)
    validator.validate(example)
    for wrong in ({"detail-type": "another"}, {"source": "takeaway.another"}, {"detail": {}}, {"resources": None}):
        assert not validator.is_valid(example | wrong), wrong


@pytest.mark.parametrize(
    "schema",
    [
        {"if": {"type": "string"}},
        {"unevaluatedProperties": False},
        {"properties": {"a": {"contains": {"type": "string"}}}},
        {"items": {"dependentRequired": {"a": ["b"]}}},
        {"anyOf": [{"prefixItems": []}]},
        {"minimum": 1, "exclusiveMinimum": 0},
    ],
)
def test_what_draft_4_can_not_say_is_refused_not_dropped(schema: dict[str, Any]) -> None:
    with pytest.raises(NotInDraft4):
        draft4(schema)


def test_limits_that_are_not_reached_and_constants_are_said_as_draft_4_says_them() -> None:
    assert draft4({"exclusiveMinimum": 0, "const": 1}) == {"minimum": 0, "exclusiveMinimum": True, "enum": [1]}


def test_what_demands_nothing_is_dropped_and_own_marks_are_kept() -> None:
    schema = {"$id": "here", "examples": [1], "x-personal-data": True, "properties": {"examples": {"deprecated": True}}}
    assert draft4(schema) == {"x-personal-data": True, "properties": {"examples": {}}}
