"""The words for the state of a context."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from takeaway.run.client import health_text
from takeaway.run.client.failures import Failure
from takeaway.run.client.health import Consumer, Health, State
from takeaway.run.client.queues import Redelivery
from takeaway.run.client.target import Target
from takeaway.run.client.tries import Tries
from takeaway.run.engine.home import Home

NOON = datetime(2026, 11, 29, 12).astimezone()
LAST = Failure(NOON, "KeyError: 'total'", "contexts/loyalty/domain/points.py:7", order_id="58e2ed4f-6096")
CONSUMER = Consumer("count-points", redelivery=Redelivery(timedelta(seconds=180), 5))
FAILING = replace(
    CONSUMER,
    state=State.FAILING,
    since=NOON,
    last=LAST,
    tries=Tries(1, 5, NOON + timedelta(seconds=180)),
    waiting=2,
)


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health_text, "_today", NOON.date)  # also if midnight comes in between


def health(consumer: Consumer | None, state: State | None = None, stack: str = "CREATE_COMPLETE") -> Health:
    consumers = [consumer] if consumer else []
    return Health("loyalty", stack, state or (consumer.state if consumer else State.WORKING), consumers)


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (health(None), "working"),
        (health(CONSUMER), "working"),
        (health(FAILING), "failing since 12:00:00: 1 of 5 tries, next at 12:03:00"),
        (
            health(replace(FAILING, tries=Tries(5, 5, NOON))),
            "failing since 12:00:00: 5 of 5 tries, a dead letter at 12:00:00",
        ),
        (health(replace(FAILING, tries=None)), "failing since 12:00:00"),
        (health(replace(CONSUMER, state=State.GAVE_UP, dead_letters=1)), "gave up on 1 event"),
        (health(replace(CONSUMER, state=State.OUT)), "out: its consumer is stopped"),
        (health(None, State.BROKEN, "ROLLBACK_COMPLETE"), "broken: its stack is ROLLBACK_COMPLETE"),
    ],
)
def test_a_state_is_told_in_a_line(found: Health, words: str) -> None:
    assert health_text.state(found) == words


def test_what_is_known_of_a_failure_is_told_with_its_line_and_what_to_do(tmp_path: Path) -> None:
    target = Target(Home(tmp_path), "blue", endpoint="http://127.0.0.1:4566")
    assert [f"{label}: {line}" for label, line in health_text.particulars(health(FAILING), target)] == [
        "last error: KeyError: 'total'",
        ": contexts/loyalty/domain/points.py:7, at 12:00:00, order 58e2ed4f-6096",
        "events: 2 waiting, 0 dead letters",
        "tries: 5 of each, one every 3 min; then it is a dead letter",
        "what to do: `takeaway logs loyalty --order 58e2ed4f --stage blue` shows the whole error",
        ": mend it, then `takeaway deploy loyalty --stage blue`: what waits is tried again by itself",
    ]


def test_one_dead_letter_is_told_as_one(tmp_path: Path) -> None:
    target = Target(Home(tmp_path), endpoint="http://127.0.0.1:4566")
    gave_up = health(replace(CONSUMER, state=State.GAVE_UP, dead_letters=1))
    assert ("events", "0 waiting, 1 dead letter") in [*health_text.particulars(gave_up, target)]


def test_where_several_functions_read_queues_each_is_named(tmp_path: Path) -> None:
    target = Target(Home(tmp_path), endpoint="http://127.0.0.1:4566")
    both = [replace(CONSUMER, function=f"takeaway-dev-loyalty-{name}") for name in ("count", "tidy-up")]
    lines = [
        line
        for label, line in health_text.particulars(replace(health(None), consumers=both), target)
        if label == "events"
    ]
    assert lines == ["count: 0 waiting, 0 dead letters", "tidy-up: 0 waiting, 0 dead letters"]


@pytest.mark.parametrize(
    ("consumer", "hint"),
    [
        (replace(CONSUMER, state=State.OUT), "takeaway outage loyalty off"),
        (replace(CONSUMER, state=State.GAVE_UP, dead_letters=2), "takeaway redrive loyalty"),
        (replace(FAILING, dead_letters=2), "takeaway redrive loyalty"),
    ],
)
def test_what_can_be_typed_depends_on_what_is_wrong(tmp_path: Path, consumer: Consumer, hint: str) -> None:
    target = Target(Home(tmp_path), endpoint="http://127.0.0.1:4566")
    assert hint in " ".join(health_text.to_do(health(consumer), target))
    assert [*health_text.to_do(health(CONSUMER), target)] == []


def test_nobody_is_told_to_redrive_a_queue_that_the_command_does_not_reach(tmp_path: Path) -> None:
    target = Target(Home(tmp_path), endpoint="http://127.0.0.1:4566")
    internal = replace(CONSUMER, state=State.GAVE_UP, dead_letters=1, internal="takeaway-dev-loyalty-closing-dlq")
    told = " ".join(health_text.to_do(health(internal), target))
    assert "takeaway redrive" not in told
    assert "move what takeaway-dev-loyalty-closing-dlq has back into its queue: docs/runbooks/loyalty.md" in told


def test_the_time_to_a_dead_letter_is_that_of_the_queue_that_is_quickest() -> None:
    quicker = replace(CONSUMER, redelivery=Redelivery(timedelta(seconds=5), 5))
    found = Health("orders", "CREATE_COMPLETE", State.WORKING, [CONSUMER, quicker, Consumer("called")])
    assert health_text.given_up_after(found) == "25 s"
    assert health_text.given_up_after(health(CONSUMER)) == "15 min"
    assert health_text.given_up_after(health(None)) == ""


def test_a_time_of_another_day_has_its_date() -> None:
    assert health_text.clock(NOON) == "12:00:00"
    assert health_text.clock(NOON - timedelta(days=1)) == "2026-11-28 12:00:00"
