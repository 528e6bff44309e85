"""The published language is sound: valid schemas, valid examples, room to grow and no more."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from shared import schema_tools
from shared.schema_tools.counter_examples import CounterExample, counter_examples
from shared.schema_tools.fields import fields, personal_data
from shared.schema_tools.keywords import places
from shared.schema_tools.problems import problems
from shared.schema_tools.references import BadReference, resolved
from takeaway.check.contracts.changes import unjudged
from takeaway.check.contracts.constraints import JUDGED
from takeaway.paths import REPOSITORY

Event = tuple[str, int, str]
EVENTS = pytest.mark.parametrize("event", schema_tools.events(), ids=lambda event: schema_tools.name_of(*event))
SCHEMAS = pytest.mark.parametrize(
    "path",
    sorted(schema_tools.FOLDER.glob("*/*.json")),
    ids=lambda path: path.relative_to(schema_tools.FOLDER).as_posix(),
)
CHANGES = {"accepted", "rejected", "expired", "cancelled", "timed_out", "failed"}


def detail(event_type: str, version: int = 1, source: str | None = None) -> dict[str, Any]:
    return schema_tools.example(event_type, version, source)["detail"]


@pytest.mark.parametrize("source", schema_tools.sources())
def test_every_schema_has_examples_and_counter_examples_and_its_folder_nothing_else(source: str) -> None:
    names = {f"{event_type}.v{version}" for event_type, version, _ in schema_tools.events(source)}
    for folder in ("examples", "counter_examples"):
        found = {path.name.removesuffix(".json") for path in (schema_tools.FOLDER / source / folder).iterdir()}
        assert found == names, f"one file per schema in {source}/{folder}"
    files = [path.name for path in (schema_tools.FOLDER / source).iterdir() if path.is_file()]
    assert [name for name in files if not schema_tools.FILE.fullmatch(name)] == []


def test_whoever_publishes_has_a_folder() -> None:
    publishers = {path.parent.name for path in REPOSITORY.glob("contexts/*/published_events.py")}
    assert publishers <= {schema_tools.context_of(source) for source in schema_tools.sources()}


@SCHEMAS
def test_a_file_is_valid_json_schema_2020_12_under_its_own_name(path: Path) -> None:
    schema = json.loads(path.read_text(encoding="utf-8"))
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["$id"].endswith(f"/{path.parent.name}/{path.name}")
    Draft202012Validator.check_schema(schema)


@EVENTS
def test_a_schema_describes_events_of_its_own_version(event: Event) -> None:
    found = fields(*event)["metadata.schema_version"]
    assert found.required
    assert found.schema["const"] == event[1]


@EVENTS
def test_a_version_whose_end_is_announced_is_marked_as_deprecated(event: Event) -> None:
    schema = schema_tools.schema(*event)
    assert ("x-sunset" in schema) == schema.get("deprecated", False), "see docs/event-changes.md"


@EVENTS
def test_a_schema_says_nothing_that_the_compatibility_check_can_not_judge(event: Event) -> None:
    assert [each.what for each in unjudged(schema_tools.schema(*event))] == []


@EVENTS
def test_an_example_is_valid(event: Event) -> None:
    example = schema_tools.example(*event)
    schema_tools.validator(*event).validate(example["detail"])
    assert (example["detail-type"], example["source"]) == (event[0], event[2])
    assert example["detail"]["metadata"]["correlation_id"] == example["detail"]["data"]["order_id"]
    assert set(example) == {
        "version", "id", "detail-type", "source", "account", "time", "region", "resources", "detail",
    }  # fmt: skip


@EVENTS
def test_an_example_shows_every_field(event: Event) -> None:
    def present(path: str, node: Any) -> bool:
        head, _, rest = path.partition(".")
        name = head.removesuffix("[]")
        if name not in node or not rest:
            return name in node
        return all(present(rest, each) for each in (node[name] if head.endswith("[]") else [node[name]]))

    assert [path for path in fields(*event) if not present(path, detail(*event))] == []


@EVENTS
def test_every_field_says_what_it_means(event: Event) -> None:
    assert "description" in schema_tools.schema(*event)
    silent = [path for path, field in fields(*event).items() if not field.schema.get("description")]
    assert silent == []


@EVENTS
def test_there_are_counter_examples_of_every_kind(event: Event) -> None:
    kinds = [wrong.refused_by for wrong in counter_examples(*event)]
    assert len(kinds) >= 5
    assert {"required", "additionalProperties"} < set(kinds), "something missing, something undeclared, something wrong"


def test_every_kind_of_constraint_is_seen_to_refuse_something() -> None:
    every = [wrong for event in schema_tools.events() for wrong in counter_examples(*event)]
    # maxItems would need too long an example, so it is tested below
    assert {wrong.refused_by for wrong in every} == said() - {"properties", "items", "maxItems"} | {
        "additionalProperties"
    }


def said() -> set[str]:
    """Return the keywords that refuse values, of all schemas."""
    wholes = [schema_tools.schema(*event) for event in schema_tools.events()]
    return {keyword for whole in wholes for _, part in places(whole) for keyword in part if keyword in JUDGED}


@pytest.mark.parametrize(
    "wrong",
    [wrong for event in schema_tools.events() for wrong in counter_examples(*event)],
    ids=lambda wrong: f"{wrong.event_type}-{wrong.field}-{wrong.refused_by}",
)
def test_a_counter_example_is_refused_for_its_reason_and_no_other(wrong: CounterExample) -> None:
    found = problems(wrong.detail, wrong.event_type, wrong.version, wrong.source, strict=True)
    assert {problem.at for problem in found} == {wrong.field}
    assert wrong.refused_by in {problem.by for problem in found}
    assert len(wrong.why) > 10
    to_a_reader = problems(wrong.detail, wrong.event_type, wrong.version, wrong.source)
    assert to_a_reader == ([] if wrong.only_publishers_are_held_to_it else found)


@EVENTS
def test_a_publisher_is_held_to_more_than_a_reader(event: Event) -> None:
    """A publisher may send declared fields only, while readers ignore unknown ones."""
    grown = _with_extra_everywhere(detail(*event))
    assert problems(detail(*event), *event, strict=True) == []
    assert problems(grown, *event) == []
    surplus = problems(grown, *event, strict=True)
    assert {problem.by for problem in surplus} == {"additionalProperties"}
    assert {"added_later", "metadata.added_later", "data.added_later"} <= {problem.at for problem in surplus}


def test_more_items_than_an_order_may_have_are_refused() -> None:
    crowded = detail("order_placed")
    crowded["data"]["items"] *= 51
    assert [(problem.at, problem.by) for problem in problems(crowded, "order_placed")] == [("data.items", "maxItems")]


@SCHEMAS
def test_a_schema_does_not_close_itself_to_fields_of_later_days(path: Path) -> None:
    assert "additionalProperties" not in path.read_text(encoding="utf-8")


@EVENTS
def test_a_missing_field_is_refused(event: Event) -> None:
    validator = schema_tools.validator(*event)
    for path, field in fields(*event).items():
        if field.required and "[]" not in path:
            broken = copy.deepcopy(detail(*event))
            *above, leaf = path.split(".")
            node = broken
            for step in above:
                node = node[step]
            del node[leaf]
            assert not validator.is_valid(broken), path


def test_the_reasons_that_a_customer_is_told_are_a_closed_list() -> None:
    assert set(fields("user_notified")["data.reason"].schema["enum"]) == CHANGES


def test_personal_data_is_on_the_bus_in_one_event_only() -> None:
    assert {each: personal_data(*each) for each in schema_tools.events() if personal_data(*each)} == {
        ("order_completed", 1, "takeaway.orders"): {"data.customer.name", "data.customer.email"}
    }


def test_an_event_that_nobody_publishes_is_refused_by_name() -> None:
    with pytest.raises(schema_tools.UnknownEvent, match="order_eaten"):
        schema_tools.load("order_eaten")
    with pytest.raises(schema_tools.UnknownEvent, match=r"order_placed\.v7"):
        schema_tools.example("order_placed", version=7)
    with pytest.raises(schema_tools.UnknownEvent, match=r"order_placed\.v7"):
        counter_examples("order_placed", version=7)


@pytest.mark.parametrize(
    ("reference", "said"),
    [
        ({"$ref": "gone.json#/$defs/a"}, "leads nowhere"),
        ({"$ref": "a.json#/$defs/gone"}, "leads nowhere"),
        ({"$ref": "#/$defs/itself"}, "refers to itself"),
        ({"$ref": "#/$defs/text", "minLength": 1}, "minLength beside"),
    ],
)
def test_a_reference_that_can_not_be_followed_is_refused(reference: dict[str, Any], said: str) -> None:
    definitions = {"itself": {"items": {"$ref": "#/$defs/itself"}}, "text": {"type": "string"}}
    files = {"a.json": {"properties": {"field": reference}, "$defs": definitions}}
    with pytest.raises(BadReference, match=said):
        resolved("a.json", files.__getitem__)


def _with_extra_everywhere(node: Any) -> Any:
    if isinstance(node, dict):
        return {key: _with_extra_everywhere(value) for key, value in node.items()} | {"added_later": {"any": ["thing"]}}
    return [_with_extra_everywhere(each) for each in node] if isinstance(node, list) else node


def test_the_files_are_written_in_their_own_script_not_in_escapes() -> None:
    for path in schema_tools.FOLDER.rglob("*.json"):
        text = path.read_text(encoding="utf-8")
        assert json.loads(text) is not None
        assert "\\u" not in text, path.name
