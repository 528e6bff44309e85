"""Publishing a second version of an event beside the first, as docs/event-changes.md describes it."""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto import mock_aws
from pydantic import ValidationError

from contexts.analytics.ingest import Ingested, Message, ingest
from contexts.orders import published_events
from contexts.orders.adapters.eventbridge_events import EventBridgeEvents
from contexts.orders.application import commands, steps
from contexts.orders.domain.lifecycle import ChangeType
from contexts.orders.published_events import SOURCE, Event
from shared import schema_tools
from shared.schema_tools.counter_examples import counter_examples
from shared.schema_tools.problems import problems
from takeaway.check.contracts.gate import judge
from takeaway.check.contracts.published import Published, published
from tests.between.contract.second_version import OrderCompletedInParts, with_a_second_version, written_in_parts
from tests.between.contract.subscriptions import subscriptions
from tests.between.contract.test_published import disagreements, named, told, walked, wrong
from tests.fakes.bus import breach
from tests.fakes.consumers import readings
from tests.fakes.lake import FakeLake
from tests.fakes.orders import ORDER_ID, ROMA, World, draft

COMPLETED = {"source": ["takeaway.orders"], "detail-type": ["order_completed"]}
BUS = "takeaway-dev"


FIRST = COMPLETED | {"detail": {"metadata": {"breaks": [{"exists": False}]}}}
SECOND = COMPLETED | {"detail": {"metadata": {"breaks": [1]}}}


@pytest.fixture
def both(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """Let orders publish order_completed in two versions."""
    monkeypatch.setattr(schema_tools, "FOLDER", with_a_second_version(tmp_path))
    first = published_events.WRITTEN[ChangeType.ORDER_COMPLETED][1]
    monkeypatch.setitem(published_events.WRITTEN, ChangeType.ORDER_COMPLETED, {1: first, 2: written_in_parts})
    breach.cache_clear()  # the cached answers are wrong with other schemas, now and afterwards
    yield
    breach.cache_clear()


@pytest.fixture
def cloud(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_DEFAULT_REGION"):
        monkeypatch.setenv(name, "eu-west-1" if name.endswith("REGION") else "test")
    with mock_aws():
        boto3.client("events").create_event_bus(Name=BUS)
        yield


def completed_order() -> list[Event]:
    """Return all events that the use cases publish for an order that goes well."""
    world = World().holding(draft())
    steps.place_order(ORDER_ID, world)
    steps.notify_restaurant(ORDER_ID, world)
    commands.accept(ORDER_ID, ROMA, world)
    steps.accept_order(ORDER_ID, world)
    steps.notify_user(ORDER_ID, world)
    commands.complete(ORDER_ID, ROMA, world)
    steps.complete_order(ORDER_ID, world)
    return world.events.published


class Listener:
    """A queue behind a rule on the bus."""

    def __init__(self, name: str, pattern: dict[str, Any]) -> None:
        self._queues, events = boto3.client("sqs"), boto3.client("events")
        self._url = self._queues.create_queue(QueueName=name)["QueueUrl"]
        arn = self._queues.get_queue_attributes(QueueUrl=self._url, AttributeNames=["QueueArn"])["Attributes"][
            "QueueArn"
        ]
        events.put_rule(Name=name, EventBusName=BUS, EventPattern=json.dumps(pattern))
        events.put_targets(Rule=name, EventBusName=BUS, Targets=[{"Id": name, "Arn": arn}])

    def bodies(self) -> list[str]:
        """Return the messages that were delivered since the last call."""
        found: list[str] = []
        while got := self._queues.receive_message(QueueUrl=self._url, MaxNumberOfMessages=10).get("Messages"):
            for message in got:
                found.append(message["Body"])
                self._queues.delete_message(QueueUrl=self._url, ReceiptHandle=message["ReceiptHandle"])
        return found

    def details(self) -> list[dict[str, Any]]:
        return [json.loads(body)["detail"] for body in self.bodies()]


def put(events: list[Event]) -> None:
    EventBridgeEvents(boto3.client("events"), BUS).publish(events)


@pytest.mark.usefixtures("both")
def test_a_change_is_told_in_both_versions_with_one_id_each_right_by_its_own_schema() -> None:
    first, second = completed_order()[-2:]
    assert [each.detail["metadata"]["schema_version"] for each in (first, second)] == [1, 2]
    assert first.event_id == second.event_id
    assert problems(first.detail, "order_completed", 1, strict=True) == []
    assert problems(second.detail, "order_completed", 2, strict=True) == []
    assert problems(second.detail, "order_completed", 1) != []
    assert "total" not in second.detail["data"]


@pytest.mark.usefixtures("both")
def test_every_way_of_an_order_publishes_both_and_the_rules_of_schemas_hold_for_both() -> None:
    walk = walked()
    assert disagreements(walk) == []
    assert wrong(walk) == set()
    by_state = {named(event) for state, event in told(walk) if state == "Complete order"}
    assert by_state == {"order_completed.v1", "order_completed.v2"}
    for refused in counter_examples("order_completed", 2):
        found = problems(refused.detail, "order_completed", 2, strict=True)
        assert [(problem.at, problem.by) for problem in found] == [(refused.field, refused.refused_by)]


@pytest.mark.usefixtures("cloud")
def test_who_reads_the_first_version_gets_what_it_would_get_without_the_second(
    request: pytest.FixtureRequest, templates: dict[str, dict[str, Any]]
) -> None:
    """Checked with the rules of every context as they would be deployed."""
    listeners = {each.stack: Listener(each.rule, each.pattern) for each in subscriptions(templates)}
    put(completed_order())
    before = {name: listener.details() for name, listener in listeners.items()}
    request.getfixturevalue("both")
    told = completed_order()
    put(told)
    after = {name: listener.bodies() for name, listener in listeners.items()}
    assert {name: [json.loads(body)["detail"] for body in bodies] for name, bodies in after.items()} == before
    heard = {name: len(details) for name, details in before.items()}
    assert heard.items() >= {"promotions": 1, "analytics": 5, "console": 5}.items()
    assert len(told) == 6
    for reading in readings():
        for body in after[reading.consumer]:
            if json.loads(body)["detail-type"] == reading.event_type:
                assert reading.read(body)
    lake = FakeLake()
    assert ingest([Message(str(number), body) for number, body in enumerate(after["analytics"])], lake) == Ingested()


@pytest.mark.usefixtures("cloud", "both")
def test_who_reads_the_second_version_gets_it_alone_by_its_rule() -> None:
    second, first = Listener("second", SECOND), Listener("first", FIRST)
    put(completed_order())
    [body] = second.bodies()
    read = OrderCompletedInParts.model_validate_json(body)
    assert (read.detail.data.order_id, read.detail.data.price.items["amount"]) == (ORDER_ID, 1900)
    [body] = first.bodies()
    with pytest.raises(ValidationError):
        OrderCompletedInParts.model_validate_json(body)


@pytest.mark.usefixtures("cloud", "both")
def test_who_moves_gets_both_for_a_while_and_counts_each_change_once_by_its_id() -> None:
    moving = Listener("moving", COMPLETED)
    put(completed_order())
    versions: dict[str, list[int]] = {}
    for detail in moving.details():
        versions.setdefault(detail["metadata"]["event_id"], []).append(detail["metadata"]["schema_version"])
    assert [sorted(each) for each in versions.values()] == [[1, 2]]


@pytest.mark.usefixtures("both")
def test_the_compatibility_check_lets_a_second_version_pass() -> None:
    files = {
        f"shared/schemas/{SOURCE}/{path.name}": path.read_bytes()
        for path in (schema_tools.FOLDER / SOURCE).glob("*.json")
    }
    after = published(files)
    before = Published({name: schema for name, schema in after.schemas.items() if not name.endswith(".v2")})
    found = judge(before, after, lambda event, path: [], date(2026, 11, 23))
    assert [(each.event, each.what, each.breaks) for each in found] == [
        ("takeaway.orders@order_completed.v2", "adds the event, beside version 1", None)
    ]
