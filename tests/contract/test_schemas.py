"""The published language is sound: valid schemas, valid examples, room to grow and no more."""

import copy
import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from shared import schemas
from shared.schemas.fields import fields, personal_data

EVENTS = pytest.mark.parametrize("event_type", schemas.EVENT_TYPES)
CHANGES = {"accepted", "rejected", "expired", "cancelled", "timed_out", "failed"}


def detail(event_type: str) -> dict[str, Any]:
    return schemas.example(event_type)["detail"]


def test_there_is_a_schema_and_an_example_for_every_event_type_and_for_nothing_else() -> None:
    found = {path.name for path in schemas.FOLDER.glob("*.json")}
    assert found == {f"{each}.v1.schema.json" for each in (*schemas.EVENT_TYPES, "common")}
    assert {path.name for path in (schemas.FOLDER / "examples").iterdir()} == {
        f"{each}.v1.json" for each in schemas.EVENT_TYPES
    }


@pytest.mark.parametrize("name", [*schemas.EVENT_TYPES, "common"])
def test_a_schema_is_valid_json_schema_2020_12_under_its_own_name(name: str) -> None:
    schema = schemas.load(name)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["$id"].endswith(f"/takeaway.orders/{name}.v1.schema.json")
    Draft202012Validator.check_schema(schema)


@EVENTS
def test_an_example_is_valid(event_type: str) -> None:
    event = schemas.example(event_type)
    schemas.validator(event_type).validate(event["detail"])
    assert event["detail-type"] == event_type
    assert event["source"] == schemas.SOURCE
    assert event["detail"]["metadata"]["correlation_id"] == event["detail"]["data"]["order_id"]
    assert set(event) == {
        "version", "id", "detail-type", "source", "account", "time", "region", "resources", "detail",
    }  # fmt: skip


@EVENTS
def test_an_example_shows_every_field(event_type: str) -> None:
    def present(path: str, node: Any) -> bool:
        head, _, rest = path.partition(".")
        name = head.removesuffix("[]")
        if name not in node or not rest:
            return name in node
        return all(present(rest, each) for each in (node[name] if head.endswith("[]") else [node[name]]))

    assert [path for path in fields(event_type) if not present(path, detail(event_type))] == []


@EVENTS
def test_every_field_says_what_it_means_or_is_a_structure_or_closed_list(event_type: str) -> None:
    silent = {path for path, field in fields(event_type).items() if "description" not in field.schema}
    assert {path.rpartition(".")[2] for path in silent} <= {"metadata", "data", "quantity", "email"}


@EVENTS
def test_an_optional_field_can_be_added_anywhere_without_a_new_version(event_type: str) -> None:
    grown = _with_extra_everywhere(detail(event_type))
    schemas.validator(event_type).validate(grown)


@EVENTS
def test_a_missing_field_is_refused(event_type: str) -> None:
    validator = schemas.validator(event_type)
    for path, field in fields(event_type).items():
        if field.required and "[]" not in path:
            broken = copy.deepcopy(detail(event_type))
            *above, leaf = path.split(".")
            node = broken
            for step in above:
                node = node[step]
            del node[leaf]
            assert not validator.is_valid(broken), path


@pytest.mark.parametrize(
    ("event_type", "path", "wrong"),
    [
        ("order_placed", "metadata.event_id", "1"),
        ("order_placed", "metadata.occurred_at", "2026-11-23T12:00:00+01:00"),
        ("order_placed", "metadata.occurred_at", "2026-11-31T12:00:00.000Z"),
        ("order_placed", "metadata.schema_version", 2),
        ("order_placed", "metadata.causation_id", "the order before"),
        ("order_placed", "data.total.amount", -1),
        ("order_placed", "data.total.amount", 9.5),
        ("order_placed", "data.total.currency", "euro"),
        ("order_placed", "data.items", []),
        ("order_completed", "data.customer.email", "giulia"),
        ("user_notified", "data.reason", "bored"),
        ("order_rejected", "data.reason", "x" * 201),
        ("order_failed", "data.stage", "COMPLETED"),
    ],
)
def test_a_wrong_value_is_refused(event_type: str, path: str, wrong: object) -> None:
    broken = detail(event_type)
    *above, leaf = path.split(".")
    node = broken
    for step in above:
        node = node[step]
    node[leaf] = wrong
    errors = list(schemas.validator(event_type).iter_errors(broken))
    assert [".".join(map(str, error.absolute_path)) for error in errors] == [path] * len(errors)
    assert errors


def test_the_reasons_that_a_customer_is_told_are_a_closed_list() -> None:
    assert set(fields("user_notified")["data.reason"].schema["enum"]) == CHANGES


def test_personal_data_is_on_the_bus_in_one_event_only() -> None:
    assert {each: personal_data(each) for each in schemas.EVENT_TYPES if personal_data(each)} == {
        "order_completed": {"data.customer.name", "data.customer.email"}
    }


def test_an_event_that_nobody_publishes_is_refused_by_name() -> None:
    with pytest.raises(schemas.UnknownEvent, match="order_eaten"):
        schemas.load("order_eaten")
    with pytest.raises(schemas.UnknownEvent, match=r"order_placed\.v7"):
        schemas.example("order_placed", version=7)


def _with_extra_everywhere(node: Any) -> Any:
    if isinstance(node, dict):
        return {key: _with_extra_everywhere(value) for key, value in node.items()} | {"added_later": {"any": ["thing"]}}
    return [_with_extra_everywhere(each) for each in node] if isinstance(node, list) else node


def test_the_files_are_written_in_their_own_script_not_in_escapes() -> None:
    for path in schemas.FOLDER.rglob("*.json"):
        text = path.read_text(encoding="utf-8")
        assert json.loads(text) is not None
        assert "\\u" not in text, path.name
