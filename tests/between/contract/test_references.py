"""References mean what JSON Schema says, and broken ones are reported in a sentence; jsonschema is the judge."""

from typing import Any

import pytest
from jsonschema import Draft4Validator, Draft7Validator, Draft202012Validator
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from shared import schema_tools
from shared.schema_tools.bundle import bundled
from shared.schema_tools.draft4 import draft4
from shared.schema_tools.fields import fields_of
from shared.schema_tools.references import BadReference, resolved

BASE = "https://takeaway.example.com/schemas/"
EVENT, COMMON = "eaten.v1.schema.json", "common.v1.schema.json"
DEFINITIONS: dict[str, Any] = {
    "text": {"type": "string", "$anchor": "words"},
    "anything": True,
    "nothing": False,
    "a/b~c%d": {"type": "integer"},
    "list": {"type": "array", "items": {"$ref": "#/$defs/text"}},
    "held": {"type": "object", "properties": {"inner": {"type": "boolean"}}},
    "based": {"$id": "elsewhere/based.json", "$defs": {"x": {"type": "null"}}, "items": {"$ref": "#/$defs/x"}},
}
VALUES = (None, True, 0, 1, 1.5, "a", "", [], ["a"], [1], [None], {}, {"inner": True}, {"inner": 1}, {"$ref": "#/a"})


def files(field: Any, **beside: Any) -> dict[str, Any]:
    """Return two files of a source's folder; `field` is the schema of the event's only field."""
    return {
        EVENT: {"$id": BASE + EVENT, "properties": {"field": field}, **beside},
        COMMON: {"$id": BASE + COMMON, "$defs": DEFINITIONS},
    }


def in_one_piece(field: Any, **beside: Any) -> Any:
    return resolved(EVENT, files(field, **beside).__getitem__)


RIGHT: list[tuple[str, Any]] = [
    ("a pointer", {"$ref": "common.v1.schema.json#/$defs/text"}),
    ("a plain name, an anchor", {"$ref": "common.v1.schema.json#words"}),
    ("the whole of a file", {"$ref": "common.v1.schema.json"}),
    ("the whole of a file, with an empty fragment", {"$ref": "common.v1.schema.json#"}),
    ("an absolute one", {"$ref": f"{BASE}common.v1.schema.json#/$defs/list"}),
    ("a pointer with all that is written otherwise in it", {"$ref": "common.v1.schema.json#/$defs/a~1b~0c%25d"}),
    ("a pointer into a definition", {"$ref": "common.v1.schema.json#/$defs/held/properties/inner"}),
    ("a pointer into the list of a file", {"anyOf": [{"$ref": "#/$defs/many/anyOf/1"}]}),
    ("a reference to true", {"$ref": "common.v1.schema.json#/$defs/anything"}),
    ("a reference to false", {"$ref": "common.v1.schema.json#/$defs/nothing"}),
    ("words beside a reference to true", {"$ref": "common.v1.schema.json#/$defs/anything", "description": "x"}),
    ("words beside a reference to false", {"$ref": "common.v1.schema.json#/$defs/nothing", "description": "x"}),
    ("a schema with an $id, below which a reference is another one", {"$ref": "common.v1.schema.json#/$defs/based"}),
    ("the same by its $id", {"$ref": "common.v1.schema.json#/$defs/based/items"}),
    ("an $id that changes nothing", {"$id": f"{BASE}inner.json", "items": {"$ref": COMMON + "#words"}}),
    ("data that looks like a reference, in enum", {"enum": [{"$ref": "#/a"}, {"$defs": {}}]}),
    ("data that looks like a reference, in const", {"const": {"$ref": "#/a"}}),
    (
        "data that looks like a reference, in words",
        {"examples": [{"$ref": "nowhere.json"}], "default": {"$ref": "#/a"}},
    ),
    ("data that looks like a reference, in a mark of ours", {"type": "integer", "x-see": {"$ref": "nowhere.json"}}),
]


@pytest.mark.parametrize(("what", "field"), RIGHT, ids=[what for what, _ in RIGHT])
def test_a_schema_in_one_piece_takes_and_refuses_what_its_files_do(what: str, field: Any) -> None:
    given = files(field, **{"$defs": {"many": {"anyOf": [{"type": "integer"}, {"type": "boolean"}]}}})
    registry: Registry[Any] = Registry().with_resources(
        [(BASE + name, DRAFT202012.create_resource(document)) for name, document in given.items()]
    )
    theirs = Draft202012Validator(given[EVENT], registry=registry)
    whole = resolved(EVENT, given.__getitem__)
    ours = Draft202012Validator(whole)
    verdicts = [(value, theirs.is_valid({"field": value}), ours.is_valid({"field": value})) for value in VALUES]
    assert [value for value, before, after in verdicts if before != after] == []
    assert "$defs" not in whole


WRONG: list[tuple[Any, str]] = [
    ({"$ref": "common.v1.schema.json#wrods"}, "eaten.v1.schema.json: common.v1.schema.json#wrods leads nowhere"),
    ({"$ref": "#words"}, "leads nowhere"),
    ({"$ref": "comon.v1.schema.json"}, "leads nowhere"),
    ({"$ref": "common.v1.schema.json#/$defs/txet"}, "leads nowhere: there is no schema at /$defs/txet"),
    ({"$ref": "common.v1.schema.json#/$defs"}, "there is no schema at /$defs"),
    ({"$ref": "common.v1.schema.json#/$defs/text/type"}, "there is no schema at /$defs/text/type"),
    ({"$ref": "common.v1.schema.json#/$id/0"}, "there is no schema at"),
    ({"$ref": "common.v1.schema.json#$defs/text"}, "leads nowhere"),
    ({"$ref": "../takeaway.payments/common.v1.schema.json"}, "leads nowhere"),
    ({"$ref": "https://example.com/other.json"}, "leads nowhere"),
    ({"$ref": "http://[x"}, "is no reference"),
    ({"$id": "sub/", "$ref": "common.v1.schema.json#words"}, "leads nowhere"),
    ({"$id": "sub/", "items": {"$ref": "common.v1.schema.json#words"}}, "leads nowhere"),
    ({"$ref": "#"}, "refers to itself"),
    ({"$ref": "#/properties/field"}, "refers to itself"),
    ({"items": {"$ref": "#/properties/field"}}, "refers to itself"),
    ({"$ref": "loop.v1.schema.json#/$defs/a"}, "refers to itself"),
    ({"$ref": "astray.v1.schema.json"}, "astray.v1.schema.json says that its $id is https://elsewhere/x: expected"),
    ({"$ref": "older.v1.schema.json"}, "older.v1.schema.json: $schema at its top is http://json-schema.org/draft-07"),
    ({"$schema": "http://json-schema.org/draft-07/schema#"}, "$schema at /properties/field is"),
    ({"$ref": "common.v1.schema.json#words", "maxLength": 3}, "maxLength beside"),
    ({"$ref": "common.v1.schema.json#words", "properties": {}}, "properties beside"),
]  # fmt: skip
MORE = {
    "loop.v1.schema.json": {"$defs": {"a": {"items": {"$ref": "back.v1.schema.json"}}}},
    "back.v1.schema.json": {"properties": {"b": {"$ref": "loop.v1.schema.json#/$defs/a"}}},
    "astray.v1.schema.json": {"$id": "https://elsewhere/x"},
    "older.v1.schema.json": {"$schema": "http://json-schema.org/draft-07/schema#"},
}


@pytest.mark.parametrize(("field", "said"), WRONG, ids=[str(field) for field, _ in WRONG])
def test_what_leads_nowhere_or_means_something_else_is_refused_with_a_sentence(field: Any, said: str) -> None:
    given = files(field) | MORE
    with pytest.raises(BadReference) as refused:
        resolved(EVENT, given.__getitem__)
    assert said in str(refused.value)
    assert str(refused.value).count("\n") == 0


NAMES = ["$defs", "$ref", "$id", "$schema", "$anchor", "properties", "items", "definitions", "enum", "not"]


@pytest.mark.parametrize("name", NAMES)
def test_a_field_may_have_the_name_of_a_keyword(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    field = {"type": "object", "required": [name], "properties": {name: {"$ref": "common.v1.schema.json#words"}}}
    assert f"field.{name}" in fields_of(in_one_piece(field))
    given = files(field)
    monkeypatch.setattr("shared.schema_tools.bundle.document", lambda file, source: given[file])
    bundle = bundled("eaten", source="takeaway.test")
    for validator in (
        Draft202012Validator(in_one_piece(field)),
        Draft7Validator({**bundle.schema, "definitions": bundle.definitions}),
        Draft4Validator(draft4({**bundle.schema, "definitions": bundle.definitions})),
    ):
        assert validator.is_valid({"field": {name: "a"}})
        assert not validator.is_valid({"field": {name: 1}})
        assert not validator.is_valid({"field": {}})


BUNDLED = [each for each in RIGHT if each[0] != "a pointer into the list of a file"]


@pytest.mark.parametrize(("what", "field"), BUNDLED, ids=[what for what, _ in BUNDLED])
def test_a_bundle_and_its_draft_4_take_and_refuse_the_same(
    what: str, field: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = files(field)
    monkeypatch.setattr("shared.schema_tools.bundle.document", lambda file, source: given[file])
    bundle = bundled("eaten", source="takeaway.test")
    whole = {**bundle.schema, "definitions": bundle.definitions}
    theirs = Draft202012Validator(in_one_piece(field))
    for ours in (Draft7Validator(whole), Draft4Validator(draft4(whole))):
        for value in VALUES:
            assert ours.is_valid({"field": value}) == theirs.is_valid({"field": value}), value
    Draft4Validator.check_schema(draft4(whole))


def test_definitions_of_one_name_in_two_files_stay_two_and_none_takes_the_name_of_an_event(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    both = {"a": {"$ref": "#/$defs/text"}, "b": {"$ref": "common.v1.schema.json#/$defs/text"}}
    given = files({"properties": both}, **{"$defs": {"text": {"type": "integer"}}})
    monkeypatch.setattr("shared.schema_tools.bundle.document", lambda file, source: given[file])
    bundle = bundled("eaten", source="takeaway.test")
    assert {name: each["type"] for name, each in bundle.definitions.items()} == {
        "common.text.v1": "string", "eaten.text.v1": "integer",
    }  # fmt: skip
    assert set(bundle.definitions) & {f"{kind}.v1" for kind in (*schema_tools.event_types(), "text")} == set()


def test_a_bundle_refuses_what_would_never_end(monkeypatch: pytest.MonkeyPatch) -> None:
    given = files({"$ref": "#/properties/field", "description": "itself"})
    monkeypatch.setattr("shared.schema_tools.bundle.document", lambda file, source: given[file])
    with pytest.raises(BadReference, match="refers to itself"):
        bundled("eaten", source="takeaway.test")


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        (True, {}),
        (False, {"not": {}}),
        ({"items": True, "not": False}, {"items": {}, "not": {"not": {}}}),
        ({"properties": {"a": True, "b": False}}, {"properties": {"a": {}, "b": {"not": {}}}}),
        ({"anyOf": [True, {"const": 1}]}, {"anyOf": [{}, {"enum": [1]}]}),
        ({"additionalProperties": False}, {"additionalProperties": False}),
        ({"additionalProperties": {"const": 0}}, {"additionalProperties": {"enum": [0]}}),
        ({"required": [], "enum": []}, {"not": {}}),
    ],
)
def test_draft_4_has_no_schemas_that_are_true_or_false(schema: Any, expected: Any) -> None:
    assert draft4(schema) == expected
    Draft4Validator.check_schema(draft4(schema))
