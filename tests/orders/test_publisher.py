"""Every event that orders publishes matches its schema, on every way that an order can go."""

import json
from typing import Any
from uuid import UUID

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from contexts.orders.domain.lifecycle import Decision, Status
from contexts.orders.domain.money import Money
from contexts.orders.domain.order import Item, Order
from contexts.orders.published_events import SOURCE, Event, events_of
from contexts.orders.rehearsal.facts import DEFINITION
from contexts.orders.rehearsal.journey import go
from contexts.orders.rehearsal.ways import ways
from shared import schema_tools
from shared.asl.graph import StateMachine
from shared.schema_tools.fields import fields, personal_data
from tests.fakes.orders import NOON, draft

ORDER_ID = "6b0e2f0a-53f5-5f36-8f83-1d7d1c7e3a55"
VALIDATORS = {each: schema_tools.validator(each, source=SOURCE) for each in schema_tools.event_types(SOURCE)}


MACHINE = StateMachine.parse(DEFINITION.read_text(encoding="utf-8"))
WAYS = {way.name: way for way in ways()}


def published(way: str, **changes: Any) -> list[Event]:
    """Return the events of an order that has gone this way, with other contents."""
    gone = go(WAYS[way], MACHINE).order
    course = {name: getattr(gone, name) for name in ("status", "decision", "reason", "completion", "changes")}
    return events_of(draft(ORDER_ID, **course, **changes))


def rejected(reason: str, **changes: Any) -> Order:
    placed = draft(ORDER_ID, **changes).become(Status.PLACED, NOON)
    return placed.decide(Decision.REJECTED, reason=reason).become(Status.REJECTED, NOON)


@pytest.mark.parametrize("way", WAYS)
def test_every_event_on_every_way_is_valid(way: str) -> None:
    for event in published(way):
        VALIDATORS[event.type].validate(json.loads(json.dumps(event.detail)))


def test_the_ways_publish_every_type_of_event_and_every_value_of_the_closed_lists() -> None:
    events = [event for way in WAYS for event in published(way)]
    assert {event.type for event in events} == set(schema_tools.event_types(SOURCE))
    for event_type, path in [("user_notified", "reason"), ("order_failed", "stage")]:
        said = {event.detail["data"][path] for event in events if event.type == event_type}
        assert said == set(fields(event_type, source=SOURCE)[f"data.{path}"].schema["enum"])


@pytest.mark.parametrize("way", WAYS)
def test_an_event_holds_nothing_that_its_schema_does_not_tell_of(way: str) -> None:
    for event in published(way):
        assert _paths(event.detail) <= set(fields(event.type, source=SOURCE))


@pytest.mark.parametrize("way", WAYS)
def test_personal_data_is_where_the_schema_says_and_nowhere_else(way: str) -> None:
    for event in published(way, note="Ring at Ångström's", delivery_address="Via Appia 1"):
        text = json.dumps(event.detail, ensure_ascii=False)
        assert ("Alice Ångström" in text) == ("data.customer.name" in personal_data(event.type, source=SOURCE))
        assert ("alice@example.com" in text) == ("data.customer.email" in personal_data(event.type, source=SOURCE))
        assert "Via Appia" not in text
        assert "Ring at" not in text


@pytest.mark.parametrize("way", WAYS)
def test_ids_differ_repeat_and_form_a_chain_from_the_first_event_on(way: str) -> None:
    events = published(way)
    ids = [event.event_id for event in events]
    assert len(set(ids)) == len(ids)
    assert {UUID(each).version for each in ids} == {5}
    assert ids == [event.event_id for event in published(way)]
    causes = [event.detail["metadata"]["causation_id"] for event in events]
    assert causes[0] is None
    assert all(cause in ids[:place] for place, cause in enumerate(causes[1:], start=1))


@pytest.mark.parametrize("way", WAYS)
def test_events_are_told_in_the_order_in_which_they_happened(way: str) -> None:
    times = [event.detail["metadata"]["occurred_at"] for event in published(way)]
    assert times == sorted(times)


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40)
ITEMS = st.lists(
    st.builds(Item, TEXTS, st.integers(1, 1000), st.builds(Money, st.integers(0, 10**9), st.just("KWD"))),
    min_size=1,
    max_size=100,
).map(tuple)


@example(items=draft(ORDER_ID).items, reason="")
@example(items=draft(ORDER_ID).items, reason='本日は売り切れ \\ "sold out" 🍣')
@given(items=ITEMS, reason=st.text(st.characters(exclude_categories=["Cs"]), max_size=200))
def test_whatever_is_ordered_and_however_it_is_refused_the_events_are_valid(
    items: tuple[Item, ...], reason: str
) -> None:
    for event in [*published("completed", items=items), *events_of(rejected(reason, items=items))]:
        VALIDATORS[event.type].validate(json.loads(json.dumps(event.detail)))


def test_the_examples_differ_from_what_is_published_in_values_only() -> None:
    for way in WAYS:
        for event in published(way):
            assert _paths(schema_tools.example(event.type, source=SOURCE)["detail"]) == _paths(event.detail), event.type


def _paths(node: Any, above: str = "") -> set[str]:
    if isinstance(node, list):
        return {path for each in node for path in _paths(each, f"{above}[]")}
    if not isinstance(node, dict):
        return set()
    own = {f"{above}.{name}".lstrip("."): value for name, value in node.items()}
    return set(own) | {path for name, value in own.items() for path in _paths(value, name)}
