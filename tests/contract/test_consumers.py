"""Every consumer reads what it subscribes to, declares what it uses, and survives what it does not know."""

import gzip
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from pydantic import BaseModel

from contexts.analytics import consumed_events as analytics
from contexts.analytics.infrastructure import subscriptions as analytics_subscriptions
from contexts.analytics.ingest import Ingested, Message, ingest
from contexts.promotions import consumed_events as promotions
from contexts.promotions.infrastructure import subscriptions as promotions_subscriptions
from shared import schemas
from shared.schemas.fields import fields, personal_data
from tests.fakes.consumed_fields import declared
from tests.fakes.lake import FakeLake

ENVELOPE = set(schemas.example("order_placed")) - {"detail"}


def analytics_model(event_type: str) -> type[BaseModel]:
    return type(analytics.read(json.dumps(schemas.example(event_type))))


# Who reads which event with which model: a consumer that is not listed here is not tested.
READS: list[tuple[str, str, type[BaseModel], Callable[[str], object]]] = [
    (
        "promotions",
        "order_completed",
        promotions.OrderCompleted,
        promotions.OrderCompleted.model_validate_json,
    ),
    *(("analytics", each, analytics_model(each), analytics.read) for each in schemas.EVENT_TYPES),
]
READERS = pytest.mark.parametrize(
    ("context", "event_type", "model", "read"), READS, ids=[f"{each[0]}-{each[1]}" for each in READS]
)


def grown(node: Any) -> Any:
    """The same event a year later: fields that nobody here has heard of, at every level."""
    if isinstance(node, dict):
        return {key: grown(value) for key, value in node.items()} | {"added_later": [{"any": "thing"}]}
    return [grown(each) for each in node] if isinstance(node, list) else node


@READERS
def test_a_consumer_reads_the_published_example(
    context: str, event_type: str, model: type[BaseModel], read: Callable[[str], object]
) -> None:
    assert isinstance(read(json.dumps(schemas.example(event_type))), model)


@READERS
def test_a_consumer_reads_the_same_from_an_event_with_unknown_fields_and_a_later_version(
    context: str, event_type: str, model: type[BaseModel], read: Callable[[str], object]
) -> None:
    event = schemas.example(event_type)
    later = grown(event)
    later["detail"]["metadata"]["schema_version"] = 2
    assert read(json.dumps(later)) == read(json.dumps(event))


@READERS
def test_a_consumer_declares_only_fields_that_the_publisher_always_sends(
    context: str, event_type: str, model: type[BaseModel], read: Callable[[str], object]
) -> None:
    always = {f"detail.{path}" for path, field in fields(event_type).items() if field.required}
    assert declared(model) <= always | ENVELOPE | {"detail"}


@READERS
def test_a_consumer_notices_when_a_field_that_it_uses_is_gone(
    context: str, event_type: str, model: type[BaseModel], read: Callable[[str], object]
) -> None:
    for path in declared(model):
        event = schemas.example(event_type)
        *above, leaf = path.split(".")
        node = event
        for step in above:
            node = node[step.removesuffix("[]")]
            node = node[0] if step.endswith("[]") else node
        del node[leaf]
        with pytest.raises(ValueError, match=leaf):
            read(json.dumps(event))


def test_promotions_subscribes_to_what_it_reads() -> None:
    assert promotions_subscriptions.SOURCES == [schemas.SOURCE]
    assert [each[1] for each in READS if each[0] == "promotions"] == promotions_subscriptions.DETAIL_TYPES


def test_analytics_subscribes_to_everything_that_orders_says() -> None:
    assert analytics_subscriptions.SOURCES == [schemas.SOURCE]


def test_promotions_uses_the_personal_data_that_it_needs_to_write_to_the_customer() -> None:
    used = {path.removeprefix("detail.") for path in declared(promotions.OrderCompleted)}
    assert used & personal_data("order_completed") == {"data.customer.name", "data.customer.email"}


@pytest.mark.parametrize("event_type", schemas.EVENT_TYPES)
def test_analytics_declares_no_field_that_is_marked_as_personal(event_type: str) -> None:
    used = {path.removeprefix("detail.") for path in declared(analytics_model(event_type))}
    assert used & personal_data(event_type) == set()


@pytest.mark.parametrize("event_type", schemas.EVENT_TYPES)
def test_no_personal_value_and_no_unknown_one_reaches_the_lake(event_type: str) -> None:
    event = schemas.example(event_type)
    secrets = {str(_at(event["detail"], path)) for path in personal_data(event_type)} | {"+49 151 0000"}
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
