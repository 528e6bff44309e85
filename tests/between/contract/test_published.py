"""The events published on every way, those that states can publish, and those with a schema are the same."""

import json
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest

from contexts.orders import published_events
from contexts.orders.application import steps
from contexts.orders.application.ports import Ports
from contexts.orders.domain.lifecycle import Change, ChangeType
from contexts.orders.domain.order import Order
from contexts.orders.published_events import SOURCE, Event, events_of
from contexts.orders.rehearsal.facts import DEFINITION
from contexts.orders.rehearsal.walk import Walk, drafts
from contexts.orders.rehearsal.ways import ways
from contexts.orders.workflow.steps import STEPS
from shared import schema_tools
from shared.asl.data import NotUnderstood
from shared.asl.graph import StateMachine
from tests.fakes.bus import breach

WORKFLOW: dict[str, Any] = json.loads(DEFINITION.read_text(encoding="utf-8"))


def walked(**changed: dict[str, Any]) -> Walk:
    """Walk every way through the workflow; `changed` replaces states in it."""
    return Walk(StateMachine.of(WORKFLOW | {"States": WORKFLOW["States"] | changed}), drafts())


@pytest.fixture(scope="module")
def walk() -> Walk:
    return walked()


def named(event: Event) -> str:
    return f"{event.type}.v{event.detail['metadata']['schema_version']}"


def told(walk: Walk) -> Iterator[tuple[str, Event]]:
    """Yield each event with the state, or else the function, that publishes it."""
    return ((run.state or run.function, event) for run in walk.runs for event in run.published)


def wrong(walk: Walk) -> set[str]:
    """Return the published events that violate their schema, with the state that publishes each."""
    found = {(place, breach(SOURCE, event.type, json.dumps(event.detail))) for place, event in told(walk)}
    return {f"{place}: {said}" for place, said in found if said}


def disagreements(walk: Walk) -> list[str]:
    """Return where published events, events of states, and events with a schema are not the same."""
    by_states = {named(event) for run in walk.runs if run.state for event in run.published}
    beside = {named(event) for run in walk.runs if not run.state for event in run.published}
    described = {f"{event_type}.v{version}" for event_type, version, _ in schema_tools.events(SOURCE)}
    return [
        *(f"{event} is published and has no schema: write one, with examples, or do not publish it"
          for event in sorted((by_states | beside) - described)),
        *(f"{event} has a schema, and no way through the workflow publishes it: publish it from a function of a state "
          "(contexts/orders/published_events.py), or take schema and examples away"
          for event in sorted(described - by_states - beside)),
        *(f"{event} is published by closing alone, when an execution ends from outside: no way of the workflow says it"
          for event in sorted(beside - by_states)),
    ]  # fmt: skip


def test_what_is_published_what_states_can_publish_and_what_has_a_schema_are_the_same(walk: Walk) -> None:
    assert disagreements(walk) == []


def test_every_event_on_every_way_is_what_its_schema_says_and_no_more(walk: Walk) -> None:
    assert wrong(walk) == set()


def test_every_change_that_orders_can_record_is_published(walk: Walk) -> None:
    written = {f"{kind}.v{version}" for kind in ChangeType for version in published_events.WRITTEN[kind]}
    assert {named(event) for _, event in told(walk)} == written


def test_the_walk_enters_every_state_and_goes_every_way_that_a_real_engine_went(walk: Walk) -> None:
    assert {step for way in ways() for step in pairwise(way.states)} - walk.steps == set()
    assert {WORKFLOW["StartAt"]} | {state for _, state in walk.steps} - {""} == set(WORKFLOW["States"])


def test_an_event_without_schema_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    both = {1: published_events.WRITTEN[ChangeType.ORDER_PLACED][1], 2: lambda order, change: {}}
    monkeypatch.setitem(published_events.WRITTEN, ChangeType.ORDER_PLACED, both)
    found = walked()
    [said] = disagreements(found)
    assert said.startswith("order_placed.v2 is published and has no schema: write one")
    assert any(
        each.startswith("Place order: order_placed, version 2, is published and has no") for each in wrong(found)
    )


def test_a_schema_that_nobody_publishes_is_noticed(walk: Walk, monkeypatch: pytest.MonkeyPatch) -> None:
    there_are = schema_tools.events(SOURCE)
    monkeypatch.setattr(schema_tools, "events", lambda _: [*there_are, ("order_eaten", 1, SOURCE)])
    [said] = disagreements(walk)
    assert said.startswith("order_eaten.v1 has a schema, and no way through the workflow publishes it")


def test_an_event_whose_state_is_gone_is_noticed() -> None:
    wait = WORKFLOW["States"]["Await restaurant decision"]
    catches = [each | {"Next": "Fail order"} for each in wait["Catch"]]
    [said] = disagreements(walked(**{"Await restaurant decision": wait | {"Catch": catches}}))
    assert said.startswith("order_expired.v1 has a schema, and no way")


def test_a_state_that_publishes_by_itself_is_noticed() -> None:
    with pytest.raises(NotUnderstood, match=r"Order failed: Task .*putEvents"):
        walked(**{"Order failed": {"Type": "Task", "Resource": "arn:aws:states:::events:putEvents", "End": True}})


def test_a_step_that_says_what_no_schema_knows_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    def tells_of_any_status(order_id: str, ports: Ports) -> Order:
        """Notify as an earlier version did: also about a completed order whose publication had failed."""
        order = ports.orders.get(order_id)
        notified, now = Change(ChangeType.USER_NOTIFIED, about=order.status), ports.clock.now()
        order = steps.record(order_id, ports, lambda order: order.user_notified(order.status, now), notified)
        ports.events.publish(events_of(order, notified))
        return order

    monkeypatch.setitem(STEPS, "notify_user", replace(STEPS["notify_user"], use_case=tells_of_any_status))
    [said] = [each for each in wrong(walked()) if each.startswith("Notify user of failure")]
    assert "data.reason: 'completed' is not one of" in said
