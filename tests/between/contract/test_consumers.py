"""Every consumer reads the events that it subscribes to, declares the fields that it uses, and ignores unknown ones."""

import copy
import gzip
import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from contexts.analytics.consumed_events import SOURCE
from contexts.analytics.consumed_events import read as read_by_analytics
from contexts.analytics.ingest import Ingested, Message, ingest
from contexts.console.journal import entry_of
from shared import schema_tools
from shared.schema_tools.fields import fields, personal_data
from takeaway.check.contracts.consumers import Consumer, Model, consumers
from tests.between.contract.subscriptions import Subscription, disagreements, subscriptions
from tests.fakes.consumers import REPOSITORY, Reading, readings
from tests.fakes.lake import FakeLake

ALL = readings()
READINGS = pytest.mark.parametrize("reading", ALL, ids=map(str, ALL))
# Consumers that do more than read an event with their model: the function by which they read it when they run.
IN_THEIR_WAY: dict[str, Callable[[str], Any]] = {
    "analytics": read_by_analytics,
    "console": lambda body: entry_of(body, datetime(2026, 11, 23, tzinfo=UTC)),
}


@pytest.fixture(scope="module")
def declared() -> dict[str, Consumer]:
    """Return the consumers and their declarations, as tools find them."""
    return {consumer.name: consumer for consumer in consumers(REPOSITORY)}


def model_of(reading: Reading, declared: dict[str, Consumer]) -> Model:
    found = declared[reading.consumer].model(schema_tools.name_of(*reading.event))
    assert found
    return found


def grown(node: Any) -> Any:
    """Return the same event a year later: with unknown fields at every level."""
    if isinstance(node, dict):
        return {key: grown(value) for key, value in node.items()} | {"added_later": [{"any": "thing"}]}
    return [grown(each) for each in node] if isinstance(node, list) else node


def without(event: dict[str, Any], path: str) -> dict[str, Any]:
    """Return the event without a field; of items, without that of the first one."""
    event = copy.deepcopy(event)
    *above, leaf = path.split(".")
    node = event["detail"]
    for step in above:
        node = node[step.removesuffix("[]")]
        node = node[0] if step.endswith("[]") else node
    del node[leaf]
    return event


@READINGS
def test_a_consumer_reads_the_published_example(reading: Reading) -> None:
    body = json.dumps(reading.example)
    assert reading.read(body) is not None
    IN_THEIR_WAY.get(reading.consumer, reading.read)(body)


@READINGS
def test_a_consumer_reads_the_same_from_an_event_with_unknown_fields(reading: Reading) -> None:
    body, later = json.dumps(reading.example), json.dumps(grown(reading.example))
    assert reading.read(later) == reading.read(body)
    if reading.consumer != "console":  # the console keeps every field
        read = IN_THEIR_WAY.get(reading.consumer, reading.read)
        assert read(later) == read(body)


@READINGS
def test_a_consumer_needs_only_what_the_publisher_always_sends(reading: Reading, declared: dict[str, Consumer]) -> None:
    always = {path for path, field in fields(*reading.event).items() if field.required}
    needed = {path for path, is_needed in model_of(reading, declared).fields.items() if is_needed}
    assert needed - always == set(), "make it optional in consumed_events.py, or ask the publisher to promise it"


@READINGS
def test_a_consumer_notices_when_a_field_that_it_needs_is_gone(reading: Reading, declared: dict[str, Consumer]) -> None:
    for path, needed in model_of(reading, declared).fields.items():
        if needed:
            body, leaf = json.dumps(without(reading.example, path)), path.rpartition(".")[2]
            for read in (reading.read, IN_THEIR_WAY.get(reading.consumer, reading.read)):
                with pytest.raises(ValueError, match=leaf):
                    read(body)


def test_a_field_that_no_event_has_is_read_by_nobody(declared: dict[str, Consumer]) -> None:
    read: dict[tuple[str, str], set[str]] = {}
    there: dict[tuple[str, str], set[str]] = {}
    for reading in ALL:
        model = model_of(reading, declared)
        read.setdefault((reading.consumer, model.name), set()).update(model.fields)
        there.setdefault((reading.consumer, model.name), set()).update(fields(*reading.event))
    assert {each: paths - there[each] for each, paths in read.items() if paths - there[each]} == {}


def test_what_tools_are_told_is_what_the_code_declares(declared: dict[str, Consumer]) -> None:
    assert set(declared) == {reading.consumer for reading in ALL} >= {"promotions", "analytics", "console"}
    assert {str(reading): model_of(reading, declared).name for reading in ALL} == {
        str(reading): reading.model.__name__ for reading in ALL
    }


def test_every_consumer_reads_all_that_its_rules_deliver_and_nothing_else(
    templates: dict[str, dict[str, Any]], declared: dict[str, Consumer]
) -> None:
    found = subscriptions(templates)
    assert {each.stack for each in found} >= {"promotions", "analytics", "console"}
    assert disagreements(found, list(declared.values())) == []


COMPLETED = {"source": ["takeaway.orders"], "detail-type": ["order_completed"]}
FIRST = {"detail": {"metadata": {"breaks": [{"exists": False}]}}}
SECOND = {"detail": {"metadata": {"breaks": [1]}}}
MODEL = Model("Completed", {"data.order_id": True}, frozenset())


@pytest.mark.parametrize(
    ("stack", "pattern", "reads", "said"),
    [
        ("loyalty", COMPLETED | FIRST, ["order_completed.v1"], []),
        ("loyalty", {"source": ["takeaway.orders"], **FIRST}, ["*.v1"], []),
        ("unknown", COMPLETED | FIRST, ["order_completed.v1"], ["unknown listens to the bus", "no rule of loyalty"]),
        ("loyalty", COMPLETED, ["order_completed.v1"], ["takes every version"]),
        ("loyalty", {"source": ["takeaway.orders"], **FIRST}, ["order_completed.v1"], ["delivers"] * 9),
        ("loyalty", COMPLETED | SECOND, ["order_completed.v1"], ["no rule of loyalty delivers"]),
        ("loyalty", COMPLETED | FIRST, ["order_completed.v1", "order_eaten.v1"], ["order_eaten.v1, which no rule"]),
    ],
)
def test_a_rule_and_a_declaration_that_disagree_are_named_with_what_to_do(
    stack: str, pattern: dict[str, Any], reads: list[str], said: list[str]
) -> None:
    consumer = Consumer("loyalty", "contexts/loyalty/consumed_events.py", {
        f"takeaway.orders@{event}": Model(event, MODEL.fields, MODEL.whole) for event in reads
    })  # fmt: skip
    found = disagreements([Subscription(stack, "the-rule", pattern)], [consumer])
    assert len(found) == len(said), found
    assert [part for part, sentence in zip(said, found, strict=True) if part not in sentence] == []


def test_promotions_uses_the_personal_data_that_it_needs_to_write_to_the_customer(
    declared: dict[str, Consumer],
) -> None:
    used = set(declared["promotions"].reads["takeaway.orders@order_completed.v1"].fields)
    assert used & personal_data("order_completed", source=SOURCE) == {"data.customer.email"}


@READINGS
def test_nobody_else_declares_a_field_that_is_marked_as_personal(
    reading: Reading, declared: dict[str, Consumer]
) -> None:
    used = set(model_of(reading, declared).fields) & personal_data(*reading.event)
    assert used == set() or reading.consumer == "promotions", "say here why this context must know who the customer is"


@pytest.mark.parametrize("event_type", schema_tools.event_types(SOURCE))
def test_no_personal_value_and_no_unknown_one_reaches_the_lake(event_type: str) -> None:
    event = schema_tools.example(event_type, source=SOURCE)
    secrets = {str(_at(event["detail"], path)) for path in personal_data(event_type, source=SOURCE)} | {"+49 151 0000"}
    event["detail"]["data"]["phone"] = "+49 151 0000"
    lake = FakeLake()
    assert ingest([Message("1", json.dumps(event))], lake) == Ingested()
    stored = "".join(_contents(lake))
    assert event["detail"]["metadata"]["event_id"] in stored
    assert [secret for secret in secrets if secret in stored] == []


def _at(node: Any, path: str) -> Any:
    for step in path.split("."):
        node = node[step]
    return node


def _contents(lake: FakeLake) -> Iterator[str]:
    for name, content in lake.lines.items():
        yield name
        yield gzip.decompress(content).decode()
