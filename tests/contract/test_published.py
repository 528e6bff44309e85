"""What is published by running every way, what states can publish, and what has a schema: the same events."""

import copy
import json
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from moto import mock_aws

from contexts.orders import published_events
from contexts.orders.domain.lifecycle import ChangeType
from contexts.orders.published_events import Event
from shared import schemas
from takeaway.client.target import Target
from takeaway.engine.home import Home
from tests.contract.walk import CLOSING, Walk
from tests.fakes.bus import CheckedBus, breach
from tests.fakes.bus_queue import BusQueue
from tests.fakes.functions import OrdersFunctions
from tests.fakes.orders import RecordingEvents

REPOSITORY = Path(__file__).parents[2]
DEFINITION: dict[str, Any] = json.loads(
    (REPOSITORY / "contexts/orders/workflow/order.asl.json").read_text(encoding="utf-8")
)
WAYS: dict[str, list[str]] = json.loads((REPOSITORY / "tests/workflow/ways.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def functions() -> Iterator[OrdersFunctions]:
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setenv("POWERTOOLS_LOG_LEVEL", "CRITICAL")
        yield OrdersFunctions(monkeypatch, "walk")


@pytest.fixture(scope="module")
def walk(functions: OrdersFunctions) -> Walk:
    return Walk(DEFINITION, functions)


def disagreements(walk: Walk) -> list[str]:
    """Where the events that are published, those that states publish, and those that have a schema are not the same."""
    by_states = set().union(*(events for state, events in walk.published.items() if state != CLOSING))
    by_closing = walk.published[CLOSING]
    described = {f"{event_type}.v{version}" for event_type, version in schemas.events()}
    return [
        *(f"{event} is published and has no schema: write one, with examples, or do not publish it"
          for event in sorted((by_states | by_closing) - described)),
        *(f"{event} has a schema, and no way through the workflow publishes it: publish it from a function of a state "
          "(contexts/orders/published_events.py), or take schema and examples away"
          for event in sorted(described - by_states - by_closing)),
        *(f"{event} is published by closing alone, when an execution ends from outside: no way of the workflow says it"
          for event in sorted(by_closing - by_states)),
    ]  # fmt: skip


def test_what_is_published_what_states_can_publish_and_what_has_a_schema_are_the_same(walk: Walk) -> None:
    assert disagreements(walk) == []


def test_every_change_that_orders_can_record_is_published(walk: Walk) -> None:
    written = {f"{kind}.v{version}" for kind in ChangeType for version in published_events.WRITTEN[kind]}
    assert set().union(*walk.published.values()) == written


def test_the_walk_enters_every_state_and_goes_every_way_that_a_real_engine_went(walk: Walk) -> None:
    steps = {step for states in WAYS.values() for step in pairwise(states)}
    assert steps - walk.ways == set()
    entered = {DEFINITION["StartAt"]} | {state for _, state in walk.ways}
    assert entered == set(DEFINITION["States"])


def test_each_step_of_the_process_publishes_its_own_event(walk: Walk) -> None:
    assert walk.published["Place order"] == {"order_placed.v1"}
    assert walk.published["Notify user"] == {"user_notified.v1"}
    assert walk.published["Complete order"] == {"order_completed.v1"}
    assert "order_failed.v1" in walk.published["Fail order"]


def test_only_the_adapter_of_orders_puts_events() -> None:
    """So nothing gets around the bus of these tests."""
    sources = [*(REPOSITORY / "contexts").rglob("*.py"), *(REPOSITORY / "contexts").rglob("*.asl.json")]
    found = [path.name for path in sources if "put_events" in (text := path.read_text("utf-8")) or "putEvents" in text]
    assert found == ["eventbridge_events.py"]


def test_an_event_without_schema_is_noticed(functions: OrdersFunctions, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.fakes.bus.breach", lambda *_: "")  # which would notice it first
    both = {1: published_events.WRITTEN[ChangeType.ORDER_PLACED][1], 2: lambda order, change: {}}
    monkeypatch.setitem(published_events.WRITTEN, ChangeType.ORDER_PLACED, both)
    [said] = disagreements(Walk(DEFINITION, functions))
    assert said.startswith("order_placed.v2 is published and has no schema: write one")


def test_a_schema_that_nobody_publishes_is_noticed(walk: Walk, monkeypatch: pytest.MonkeyPatch) -> None:
    there_are = schemas.events()
    monkeypatch.setattr(schemas, "events", lambda: [*there_are, ("order_eaten", 1)])
    [said] = disagreements(walk)
    assert said.startswith("order_eaten.v1 has a schema, and no way through the workflow publishes it")


def test_an_event_whose_state_is_gone_is_noticed(functions: OrdersFunctions) -> None:
    definition = copy.deepcopy(DEFINITION)
    for catch in definition["States"]["Await restaurant decision"]["Catch"]:
        if catch["Next"] == "Expire order":
            catch["Next"] = "Fail order"
    [said] = disagreements(Walk(definition, functions))
    assert said.startswith("order_expired.v1 has a schema, and no way")


def test_a_state_that_publishes_by_itself_is_noticed(functions: OrdersFunctions) -> None:
    definition = copy.deepcopy(DEFINITION)
    definition["States"]["Order failed"] = {
        "Type": "Task",
        "Resource": "arn:aws:states:::events:putEvents",
        "End": True,
    }
    with pytest.raises(AssertionError, match=r"Order failed: the walk can't follow a Task .*putEvents"):
        Walk(definition, functions)


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda detail: detail["data"].update(task_token="AQC"), "data.task_token: is not in the schema"),
        (lambda detail: detail["data"]["total"].update(amount=19.5), "data.total.amount: 19.5 is not"),
        (lambda detail: detail["data"].pop("items"), "data.items: is missing"),
        (
            lambda detail: detail["metadata"].update(schema_version=9),
            "order_placed, version 9, is published and has no",
        ),
    ],
)
def test_an_event_that_breaks_its_schema_fails_the_test_that_published_it(spoil: Any, said: str) -> None:
    detail = schemas.example("order_placed")["detail"]
    spoil(detail)
    with pytest.raises(pytest.fail.Exception) as failed:
        RecordingEvents().publish([Event("order_placed", detail)])
    assert said in str(failed.value)


def test_not_even_a_function_that_catches_everything_hides_a_broken_contract() -> None:
    assert not issubclass(pytest.fail.Exception, Exception)
    entry = {"Source": "takeaway.orders", "DetailType": "order_eaten", "Detail": "{}"}
    with pytest.raises(pytest.fail.Exception, match=r"order_eaten, version None, is published and has no schema"):
        CheckedBus().put_events([entry])


def test_events_of_another_source_are_nobodys() -> None:
    assert "under the source takeaway.promotions" in breach("takeaway.promotions", "voucher_issued", "{}")


def test_what_a_deployed_system_publishes_is_held_against_its_schema_as_well(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_DEFAULT_REGION"):
        monkeypatch.setenv(name, "eu-west-1" if name.endswith("REGION") else "test")
    monkeypatch.delenv("AWS_PROFILE", raising=False)
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with mock_aws():
        target = Target(Home(tmp_path), "test")
        bus = target.client("events")
        bus.create_event_bus(Name=target.prefix)
        queue = BusQueue.of(target, "contract")
        entry = {"EventBusName": target.prefix, "Source": schemas.SOURCE, "DetailType": "order_placed"}
        for change in ({}, {"task_token": "AQC"}):
            detail = schemas.example("order_placed")["detail"]
            detail["data"] |= change
            bus.put_events(Entries=[{**entry, "Detail": json.dumps(detail)}])
        received = queue.received()
        assert next(received)["detail-type"] == "order_placed"
        with pytest.raises(pytest.fail.Exception, match=r"data\.task_token: is not in the schema"):
            next(received)
