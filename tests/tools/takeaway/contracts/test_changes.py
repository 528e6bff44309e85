"""A table of planted changes, with the kind of each and the parties that it breaks."""

import copy
from collections.abc import Callable
from typing import Any

import pytest

from shared import schema_tools
from takeaway.check.contracts.changes import Breaks, Change, changes

Schema = dict[str, Any]
Plant = Callable[[Schema], object]
NOBODY = None

BEFORE: Schema = {
    "type": "object",
    "description": "An order was eaten.",
    "required": ["data"],
    "properties": {
        "data": {
            "type": "object",
            "required": ["order_id", "total", "items", "stage"],
            "properties": {
                "order_id": {"type": "string", "format": "uuid", "description": "The order."},
                "total": {
                    "type": "object",
                    "required": ["amount", "currency"],
                    "properties": {
                        "amount": {"type": "integer", "minimum": 0, "description": "Minor units."},
                        "currency": {"type": "string", "pattern": "^[A-Z]{3}$"},
                    },
                },
                "items": {"type": "array", "minItems": 1, "maxItems": 9, "items": {"type": "string", "minLength": 1}},
                "stage": {"type": "string", "enum": ["PLACED", "ACCEPTED"]},
                "version": {"type": "integer", "const": 1},
                "cause": {"type": ["string", "null"]},
                "tip": {"type": "number", "multipleOf": 0.5},
                "note": {"description": "Anything."},
            },
        }
    },
}


def data(schema: Schema) -> Schema:
    found: Schema = schema["properties"]["data"]
    return found


def field(schema: Schema, name: str) -> Schema:
    found: Schema = data(schema)["properties"][name]
    return found


def amount(schema: Schema) -> Schema:
    found: Schema = field(schema, "total")["properties"]["amount"]
    return found


def drop(schema: Schema, name: str) -> None:
    del data(schema)["properties"][name]
    if name in data(schema)["required"]:
        data(schema)["required"].remove(name)


def rename(schema: Schema, name: str, new: str) -> None:
    data(schema)["properties"][new] = field(schema, name)
    data(schema)["required"].append(new)
    drop(schema, name)


def add(schema: Schema, name: str, *, required: bool = False, **said: object) -> None:
    data(schema)["properties"][name] = said
    data(schema)["required"] += [name] * required


# the planted change, its kind, the parties that it breaks
PLANTED: list[tuple[Plant, str, Breaks | None]] = [
    # the publisher promises more, or the same: nobody breaks
    (lambda s: add(s, "weight", type="integer"), "adds data.weight, optional", NOBODY),
    (lambda s: add(s, "weight", type="integer", required=True), "adds data.weight, always there", NOBODY),
    (lambda s: add(s, "phone", type="string", **{"x-personal-data": True}), "adds data.phone, optional", NOBODY),
    (lambda s: data(s)["required"].append("tip"), "makes data.tip required", NOBODY),
    (lambda s: field(s, "order_id").update(description="It."), "describes data.order_id anew", NOBODY),
    (lambda s: s.update(description="It is eaten."), "describes the event anew", NOBODY),
    (lambda s: field(s, "tip").update(deprecated=True), "deprecates data.tip", NOBODY),
    # the publisher promises less: consumers that need it break
    (lambda s: drop(s, "tip"), "removes data.tip", Breaks.CONSUMERS),
    (lambda s: drop(s, "total"), "removes data.total", Breaks.CONSUMERS),
    (lambda s: drop(s, "stage"), "removes data.stage", Breaks.CONSUMERS),
    (lambda s: rename(s, "total", "sum"), "renames data.total: it looks like sum now", Breaks.CONSUMERS),
    (
        lambda s: data(s)["required"].remove("stage"),
        "makes data.stage optional: it may be missing now",
        Breaks.CONSUMERS,
    ),
    (
        lambda s: field(s, "total")["required"].remove("currency"),
        "makes data.total.currency optional: it may be missing now",
        Breaks.CONSUMERS,
    ),
    # the publisher may write values that it could not write before
    (lambda s: amount(s).update(type="string"), "retypes data.total.amount: integer → string", Breaks.CONSUMERS),
    (lambda s: amount(s).update(type="number"), "widens data.total.amount: integer → number", Breaks.CONSUMERS),
    (lambda s: amount(s).pop("type"), "widens data.total.amount: integer → anything", Breaks.CONSUMERS),
    (
        lambda s: amount(s).update(type=["integer", "null"]),
        "widens data.total.amount: integer → integer or null",
        Breaks.CONSUMERS,
    ),
    (
        lambda s: field(s, "cause").update(type=["integer", "null"]),
        "retypes data.cause: null or string → integer or null",
        Breaks.CONSUMERS,
    ),
    (lambda s: field(s, "total").update(type="integer"), "retypes data.total: object → integer", Breaks.CONSUMERS),
    (lambda s: field(s, "stage")["enum"].append("EATEN"), 'widens data.stage: may now be "EATEN"', Breaks.CONSUMERS),
    (
        lambda s: field(s, "stage").pop("enum"),
        'widens data.stage: any value now, no more only one of "PLACED", "ACCEPTED"',
        Breaks.CONSUMERS,
    ),
    (lambda s: amount(s).pop("minimum"), "widens data.total.amount: minimum 0 → none", Breaks.CONSUMERS),
    (lambda s: amount(s).update(minimum=-1), "widens data.total.amount: minimum 0 → -1", Breaks.CONSUMERS),
    (lambda s: field(s, "items").update(maxItems=10), "widens data.items: maxItems 9 → 10", Breaks.CONSUMERS),
    (lambda s: field(s, "items").update(minItems=0), "widens data.items: minItems 1 → 0", Breaks.CONSUMERS),
    (lambda s: field(s, "order_id").pop("format"), "widens data.order_id: format uuid → none", Breaks.CONSUMERS),
    (
        lambda s: field(s, "order_id").update(format="uri"),
        "changes data.order_id: format uuid → uri",
        Breaks.CONSUMERS,
    ),
    (
        lambda s: field(s, "total")["properties"]["currency"].update(pattern="^[a-z]+$"),
        "changes data.total.currency: pattern ^[A-Z]{3}$ → ^[a-z]+$",
        Breaks.CONSUMERS,
    ),
    (lambda s: field(s, "tip").update(multipleOf=0.1), "changes data.tip: multipleOf 0.5 → 0.1", Breaks.CONSUMERS),
    (
        lambda s: field(s, "items")["items"].update(minLength=0),
        "widens data.items[]: minLength 1 → 0",
        Breaks.CONSUMERS,
    ),
    (
        lambda s: field(s, "items").update(items={"type": "object"}),
        "retypes data.items[]: string → object",
        Breaks.CONSUMERS,
    ),
    (
        lambda s: field(s, "items").update(items={"minLength": 1}),
        "widens data.items[]: string → anything",
        Breaks.CONSUMERS,
    ),
    (
        lambda s: field(s, "note").update(anyOf=[{"type": "string"}]),
        "changes anyOf of data.note, which this check can not judge",
        Breaks.CONSUMERS,
    ),
    (
        lambda s: data(s).update(additionalProperties=False),
        "changes additionalProperties of data, which this check can not judge",
        Breaks.CONSUMERS,
    ),
    # events of earlier versions violate the new promise
    (lambda s: field(s, "tip").update(type="integer"), "narrows data.tip: number → integer", Breaks.REPLAYS),
    (lambda s: field(s, "cause").update(type="string"), "narrows data.cause: null or string → string", Breaks.REPLAYS),
    (lambda s: field(s, "note").update(type="string"), "narrows data.note: anything → string", Breaks.REPLAYS),
    (lambda s: field(s, "stage")["enum"].remove("PLACED"), 'narrows data.stage: is never "PLACED" now', Breaks.REPLAYS),
    (
        lambda s: field(s, "order_id").update(enum=["1", "2"]),
        'narrows data.order_id: one of "1", "2" now, and nothing else',
        Breaks.REPLAYS,
    ),
    (lambda s: amount(s).update(maximum=9), "narrows data.total.amount: maximum none → 9", Breaks.REPLAYS),
    (lambda s: amount(s).update(minimum=1), "narrows data.total.amount: minimum 0 → 1", Breaks.REPLAYS),
    (lambda s: field(s, "items").update(maxItems=8), "narrows data.items: maxItems 9 → 8", Breaks.REPLAYS),
    (
        lambda s: field(s, "items").update(uniqueItems=True),
        "narrows data.items: uniqueItems False → True",
        Breaks.REPLAYS,
    ),
    (lambda s: field(s, "note").update(format="date"), "narrows data.note: format none → date", Breaks.REPLAYS),
    (
        lambda s: field(s, "cause").update(pattern="^x"),
        "narrows data.cause: pattern none → ^x",
        Breaks.REPLAYS,
    ),
    # a meaning that everybody who stores the field must know
    (
        lambda s: field(s, "note").update({"x-personal-data": True}),
        "says that data.note is personal data",
        Breaks.PRIVACY,
    ),
]


def planted(plant: Plant) -> list[Change]:
    after = copy.deepcopy(BEFORE)
    plant(after)
    return list(changes(BEFORE, after))


@pytest.mark.parametrize(("plant", "what", "breaks"), PLANTED, ids=[each[1] for each in PLANTED])
def test_a_planted_change_is_found_alone_named_and_judged(plant: Plant, what: str, breaks: Breaks | None) -> None:
    assert [(change.what, change.breaks) for change in planted(plant)] == [(what, breaks)]


def test_a_change_has_the_path_of_its_field() -> None:
    [change] = planted(lambda s: field(s, "items")["items"].update(minLength=2))
    assert change.path == "data.items[]"
    assert [change.path for change in planted(lambda s: s.update(description="x"))] == [""]


def test_a_value_that_goes_while_another_comes_breaks_both_ways() -> None:
    found = planted(lambda s: field(s, "version").update(const=2))
    assert [(change.what, change.breaks) for change in found] == [
        ("widens data.version: may now be 2", Breaks.CONSUMERS),
        ("narrows data.version: is never 1 now", Breaks.REPLAYS),
    ]


def test_a_const_is_a_list_of_one() -> None:
    def listed(schema: Schema) -> None:
        field(schema, "version").pop("const")
        field(schema, "version")["enum"] = [1]

    assert planted(listed) == []


def test_of_a_new_field_that_older_events_lack_a_note_says_so() -> None:
    [change] = planted(lambda s: add(s, "weight", type="integer", required=True))
    assert "archive" in change.note
    [change] = planted(lambda s: add(s, "weight", type="integer"))
    assert change.note == ""


def test_of_two_fields_alike_that_went_none_is_guessed_to_be_renamed() -> None:
    def renamed(schema: Schema) -> None:
        rename(schema, "lid", "cover")
        rename(schema, "fork", "spoon")

    before = copy.deepcopy(BEFORE)
    for name in ("lid", "fork"):
        add(before, name, type="boolean")
    after = copy.deepcopy(before)
    renamed(after)
    assert [change.what for change in changes(before, after)] == [
        "removes data.lid", "removes data.fork", "adds data.cover, always there", "adds data.spoon, always there",
    ]  # fmt: skip


def test_a_list_of_which_nothing_is_said_any_more_may_hold_anything() -> None:
    found = planted(lambda s: field(s, "items").pop("items"))
    assert [change.what for change in found] == [
        "widens data.items[]: string → anything", "widens data.items[]: minLength 1 → none",
    ]  # fmt: skip


def test_a_field_that_is_required_without_being_described_is_a_field() -> None:
    assert [change.what for change in planted(lambda s: data(s)["required"].append("ghost"))] == [
        "adds data.ghost, always there"
    ]


def test_everything_that_changed_is_told_not_only_the_first() -> None:
    def plant(schema: Schema) -> None:
        drop(schema, "tip")
        amount(schema).update(minimum=1, maximum=5)
        add(schema, "weight", type="integer")

    assert [change.what for change in planted(plant)] == [
        "narrows data.total.amount: minimum 0 → 1",
        "narrows data.total.amount: maximum none → 5",
        "removes data.tip",
        "adds data.weight, optional",
    ]


@pytest.mark.parametrize(
    "said",
    [
        {"additionalProperties": False}, {"additionalProperties": {"type": "integer"}},
        {"unevaluatedProperties": False}, {"patternProperties": {"^t": True}}, {"propertyNames": {"maxLength": 9}},
        {"dependentRequired": {"tip": ["total"]}}, {"not": {"required": ["weight"]}}, {"requried": ["weight"]},
    ],
)  # fmt: skip
def test_what_can_not_be_judged_is_refused_where_it_stays_as_it_is(said: Schema) -> None:
    before = copy.deepcopy(BEFORE)
    data(before).update(said)
    after = copy.deepcopy(before)
    add(after, "weight", type="integer")
    found = {change.what: change.breaks for change in changes(before, after)}
    [keyword] = said
    assert found == {
        "adds data.weight, optional": None,
        f"says {keyword} of data, which this check can not judge": Breaks.UNKNOWN,
    }


@pytest.mark.parametrize("keyword", ["prefixItems", "unevaluatedItems", "contains"])
def test_what_can_not_be_judged_is_refused_in_lists_and_in_fields_that_are_added(keyword: str) -> None:
    def plant(schema: Schema) -> None:
        add(schema, "sides", type="array", items={"properties": {"all": {keyword: [True]}}})

    assert [(change.what, change.breaks) for change in planted(plant)] == [
        ("adds data.sides, optional", NOBODY),
        (f"says {keyword} of data.sides[].all, which this check can not judge", Breaks.UNKNOWN),
    ]


def test_fields_of_an_object_of_which_none_was_said_are_not_what_the_archive_may_have() -> None:
    before = copy.deepcopy(BEFORE)
    add(before, "extra", type="object")
    after = copy.deepcopy(before)
    field(after, "extra")["properties"] = {"size": {"type": "integer"}}
    [change] = changes(before, after)
    assert (change.what, change.breaks) == ("adds data.extra.size, optional", Breaks.REPLAYS)


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        ({"const": 0}, {"const": False}, ["may now be false", "is never 0 now"]),
        ({"enum": [1, 2]}, {"enum": [True, 2]}, ["may now be true", "is never 1 now"]),
        ({"const": [1]}, {"const": [True]}, ["may now be [true]", "is never [1] now"]),
        ({"const": {"a": {"b": 0}}}, {"const": {"a": {"b": False}}}, ["may now be", "is never"]),
        ({"enum": [1, 2]}, {"enum": [1.0, 2]}, []),
        ({"const": -0.0}, {"const": 0}, []),
        ({"const": 1e2}, {"enum": [100]}, []),
        ({"const": {"a": 1, "b": [2.0]}}, {"const": {"b": [2], "a": 1}}, []),
        ({"const": "1"}, {"const": 1}, ["may now be 1", 'is never "1" now']),
        ({"const": None}, {}, ["any value now"]),
        ({"const": 1, "enum": [1, 2]}, {"const": 1, "enum": [1, 3]}, []),
        ({"const": 1, "enum": [1, 2]}, {"const": 1, "enum": [2]}, ["is never 1 now"]),
        ({"minimum": 1}, {"minimum": 1.0}, []),
        ({"x-personal-data": 0}, {"x-personal-data": True}, ["personal data"]),
    ],
)
def test_values_are_equal_as_they_are_in_json_and_not_as_they_are_in_python(
    before: Schema, after: Schema, says: list[str]
) -> None:
    found = list(changes(before, after))
    assert len(found) == len(says)
    assert all(part in change.what for part, change in zip(says, found, strict=True))


def test_the_order_of_fields_types_and_values_is_no_change() -> None:
    def plant(schema: Schema) -> None:
        field(schema, "stage")["enum"].reverse()
        field(schema, "cause")["type"].reverse()
        data(schema)["required"].reverse()
        data(schema)["properties"] = dict(reversed(data(schema)["properties"].items()))

    assert planted(plant) == []


def test_true_is_anything_and_false_is_nothing() -> None:
    assert [change.what for change in planted(lambda s: data(s)["properties"].update(cause=True))] == [
        "widens data.cause: null or string → anything"
    ]
    [change] = planted(lambda s: data(s)["properties"].update(note=False))
    assert change.breaks is Breaks.REPLAYS


@pytest.mark.parametrize("event", schema_tools.events(), ids=lambda event: schema_tools.name_of(*event))
def test_a_published_schema_does_not_differ_from_itself(event: tuple[str, int, str]) -> None:
    schema = schema_tools.schema(*event)
    assert list(changes(schema, copy.deepcopy(schema))) == []
