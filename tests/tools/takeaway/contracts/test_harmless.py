"""A change that the gate calls harmless is so: earlier readers can read any event that may be written afterwards.

jsonschema is the judge: values are made for pairs of schemas, and its verdicts on them are compared.
"""

import copy
from collections.abc import Callable
from typing import Any

from hypothesis import assume, event, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from shared.schema_tools import closed
from takeaway.check.contracts.canonical import same
from takeaway.check.contracts.changes import OLDER_EVENTS, Breaks, Change, changes

Schema = Any
NAMES = st.sampled_from(["a", "b", "c"])
LEAVES: st.SearchStrategy[Any] = st.sampled_from(
    [None, True, False, 0, 1, 1.0, 0.5, 2, 3, -1, "", "a", "ab", "abc", "2026-11-23"]
)
VALUES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3), max_leaves=6
)
TYPES = st.sampled_from(["string", "integer", "number", "boolean", "null", "object", "array"])
SMALL = st.integers(0, 3)
JUDGED = {
    "type": TYPES | st.lists(TYPES, min_size=1, max_size=3, unique=True),
    "enum": st.lists(VALUES, min_size=1, max_size=3),
    "const": VALUES,
    "minimum": SMALL | st.just(0.5),
    "exclusiveMaximum": SMALL,
    "minLength": SMALL,
    "maxLength": SMALL,
    "maxItems": SMALL,
    "minProperties": SMALL,
    "uniqueItems": st.booleans(),
    "multipleOf": st.sampled_from([0.5, 1, 2]),
    "pattern": st.sampled_from(["^a", "b$"]),
    "required": st.lists(NAMES, max_size=2, unique=True),
    "description": st.sampled_from(["this", "that"]),
}
# all other keywords of the draft that refuse values: the gate must refuse each, changed or not
OTHERS: dict[str, Any] = {
    "additionalProperties": False, "unevaluatedProperties": False, "prefixItems": [{"type": "string"}],
    "unevaluatedItems": False, "contains": {"type": "string"}, "propertyNames": {"maxLength": 1}, "not": {"const": "a"},
    "patternProperties": {"a": {"type": "string"}}, "dependentRequired": {"a": ["b"]}, "minContains": 1,
    "dependentSchemas": {"a": {"required": ["b"]}}, "if": {"required": ["a"]}, "then": {"required": ["b"]},
    "anyOf": [{"type": "string"}, {"type": "object"}], "oneOf": [{"type": "object"}], "allOf": [{"type": "object"}],
    "$dynamicRef": "#here", "maxmum": 3,
}  # fmt: skip


def schemas_of(keywords: dict[str, Any]) -> st.SearchStrategy[Schema]:
    return st.recursive(
        st.booleans() | st.fixed_dictionaries({}, optional=keywords),
        lambda inner: st.fixed_dictionaries(
            {}, optional={**keywords, "properties": st.dictionaries(NAMES, inner, max_size=3), "items": inner}
        ),
        max_leaves=6,
    )


@st.composite
def pairs(draw: st.DrawFn) -> tuple[Schema, Schema]:
    """Draw a schema, and a changed copy of it: a keyword or two are replaced or removed."""
    old = draw(schemas_of(JUDGED))
    new = copy.deepcopy(old)
    for _ in range(draw(st.integers(1, 2))):
        place = new
        while isinstance(place, dict) and place.get("properties") and draw(st.booleans()):
            place = place["properties"][draw(st.sampled_from(sorted(place["properties"])))]
        if not isinstance(place, dict):
            break
        if place and draw(st.booleans()):
            del place[draw(st.sampled_from(sorted(place)))]
        elif draw(st.booleans()):
            place.setdefault("properties", {})[draw(NAMES)] = draw(schemas_of(JUDGED))
        else:
            keyword = draw(st.sampled_from(sorted(JUDGED)))
            place[keyword] = draw(JUDGED[keyword])
    return old, new


def accepts(schema: Schema, value: Any) -> bool:
    return bool(Draft202012Validator(schema).is_valid(value))


def breaks(found: list[Change]) -> set[Breaks]:
    return {change.breaks for change in found if change.breaks}


def of_pairs(test: Callable[..., None]) -> Callable[..., None]:
    """Run a test for many schemas before and after a change, with values that may be written."""
    return settings(max_examples=60, deadline=None)(
        given(pair=pairs(), values=st.lists(VALUES, min_size=5, max_size=25))(test)
    )


@of_pairs
def test_what_breaks_no_consumer_is_never_an_event_that_it_could_not_read(
    pair: tuple[Schema, Schema], values: list[Any]
) -> None:
    old, new = pair
    assume(Breaks.CONSUMERS not in breaks(list(changes(old, new))))
    event("harmless to consumers")
    for value in values:
        assert accepts(old, value) or not accepts(closed(new), value), value


@of_pairs
def test_what_breaks_nobody_is_no_event_of_the_archive_that_is_not_promised_any_more(
    pair: tuple[Schema, Schema], values: list[Any]
) -> None:
    old, new = pair
    found = list(changes(old, new))
    assume(not breaks(found) and not any(change.note == OLDER_EVENTS for change in found))
    event("harmless to replays")
    for value in values:
        assert accepts(new, value) or not accepts(closed(old), value), value


@given(schema=schemas_of(JUDGED), keyword=st.sampled_from(sorted(OTHERS)), new=st.booleans())
def test_a_keyword_that_is_not_judged_is_refused_wherever_it_is_and_whether_it_changed_or_not(
    schema: Schema, keyword: str, new: bool
) -> None:
    with_it = {"properties": {"a": {"items": schema}, "b": {"items": {keyword: OTHERS[keyword]}}}}
    without = {"properties": {"a": {"items": schema}}} if new else with_it
    assert breaks(list(changes(without, with_it))) & {Breaks.CONSUMERS, Breaks.UNKNOWN}


@given(one=VALUES, other=VALUES)
def test_values_are_the_same_to_the_gate_when_they_are_to_json_schema(one: Any, other: Any) -> None:
    assert same(one, other) == accepts({"const": one}, other) == accepts({"enum": [one]}, other)
    assert (list(changes({"const": one}, {"enum": [other]})) == []) == same(one, other)
