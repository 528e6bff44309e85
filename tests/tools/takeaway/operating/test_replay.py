"""A replay goes to the rule of one context; it is followed to its end, and cancelled when somebody interrupts."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from takeaway.errors import TakeawayError, UsageError
from takeaway.run.client.replay import Replay, replay_of
from takeaway.run.client.subscription import Subscription
from takeaway.run.engine.kinds import EngineKind, traits_of
from tests.fakes.operating import FakeBus
from tests.tools.takeaway.operating.conftest import given

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
COMPLETED = {"State": "COMPLETED"}


def planned(subscription: Subscription, bus: FakeBus) -> Replay:
    listening = given(subscription, service="events", client=bus)
    return replay_of(listening, "takeaway-dev", start=NOON - timedelta(hours=2), end=NOON)


def never(at: datetime) -> None:
    raise AssertionError(at)


def test_it_is_planned_before_it_is_run(subscription: Subscription) -> None:
    bus = FakeBus([COMPLETED])
    assert planned(subscription, bus).events_in_archive == 7
    assert bus.started == []


def test_it_goes_to_the_rule_of_the_context_alone(subscription: Subscription) -> None:
    bus = FakeBus([COMPLETED])
    name = planned(subscription, bus).run(never)
    assert bus.started == [
        {
            "ReplayName": name,
            "EventSourceArn": "arn:archive",
            "EventStartTime": NOON - timedelta(hours=2),
            "EventEndTime": NOON,
            "Destination": {"Arn": "arn:bus", "FilterArns": ["arn:rule/takeaway-dev/loyalty-rule"]},
        }
    ]


def test_it_begins_no_earlier_than_the_archive_did(subscription: Subscription) -> None:
    begun = NOON - timedelta(minutes=30)
    bus = FakeBus([COMPLETED], begun=begun + timedelta(milliseconds=700))
    planned(subscription, bus).run(never)
    assert bus.started[0]["EventStartTime"] == begun
    with pytest.raises(UsageError, match="The archive of takeaway-dev begins at 2026-11-23T12:00:00Z"):
        planned(subscription, FakeBus([COMPLETED], begun=NOON))


def test_each_run_has_a_name_of_its_own_that_eventbridge_takes(subscription: Subscription) -> None:
    replay = planned(subscription, FakeBus([COMPLETED]))
    names = {replay.run(never) for _ in range(3)}
    assert len(names) == 3
    assert [name for name in names if not re.fullmatch(r"takeaway-dev-loyalty-[.\-_A-Za-z0-9]{1,43}", name)] == []


def test_it_is_followed_until_it_is_completed(subscription: Subscription) -> None:
    way: list[Any] = [{"State": "STARTING"}, {"State": "RUNNING", "EventLastReplayedTime": NOON}, COMPLETED]
    told: list[datetime] = []
    planned(subscription, FakeBus(way)).run(told.append)
    assert told == [NOON]


def test_one_whose_start_was_not_answered_is_followed_all_the_same(subscription: Subscription) -> None:
    bus = FakeBus([{"State": "RUNNING"}, COMPLETED], answers_get_lost=True)
    assert planned(subscription, bus).run(never) == bus.started[0]["ReplayName"]


def test_one_that_fails_is_told_with_its_reason(subscription: Subscription) -> None:
    bus = FakeBus([{"State": "FAILED", "StateReason": "no such rule"}])
    with pytest.raises(TakeawayError, match=r"FAILED \(no such rule\)"):
        planned(subscription, bus).run(never)


def test_one_that_takes_too_long_goes_on_and_is_not_waited_for(subscription: Subscription) -> None:
    bus = FakeBus([{"State": "RUNNING"}])
    with pytest.raises(TakeawayError, match="goes on by itself: aws events describe-replay"):
        planned(subscription, bus).run(never, deadline_seconds=0)
    assert bus.cancelled == []


@pytest.mark.parametrize("interrupt", [KeyboardInterrupt, SystemExit])
def test_an_interrupt_cancels_it(subscription: Subscription, interrupt: type[BaseException]) -> None:
    bus = FakeBus([{"State": "RUNNING"}, interrupt()])
    with pytest.raises(interrupt):
        planned(subscription, bus).run(never)
    assert bus.cancelled == [bus.started[0]["ReplayName"]]


def test_without_an_archive_the_way_out_is_told(subscription: Subscription) -> None:
    with pytest.raises(TakeawayError, match="takeaway-dev has no archive"):
        planned(subscription, FakeBus([], archive=False))


def test_an_engine_that_can_not_replay_to_one_rule_is_not_asked_to(subscription: Subscription) -> None:
    bus = FakeBus([])
    listening = given(subscription, service="events", client=bus)
    listening.target.__dict__["traits"] = traits_of(EngineKind.LOCALSTACK)
    with pytest.raises(TakeawayError, match="LocalStack can't replay events to one context"):
        replay_of(listening, "takeaway-dev", start=NOON, end=NOON)
    assert bus.started == []
