"""Dead letters go back, by hand or moved by SQS; whatever happens half-way, none is lost."""

from typing import Any

import pytest

from takeaway.errors import TakeawayError
from takeaway.run.client.dead_letters import by_hand, redrive
from takeaway.run.client.queues import Held
from takeaway.run.client.subscription import Subscription
from tests.fakes.operating import MovingQueues, QueuesThatCanNotMove, refused
from tests.tools.takeaway.operating.conftest import bodies, given, put

MANY = [f"{number:02}" for number in range(25)]


def never(count: int) -> None:
    raise AssertionError(f"{count} moved")


def received(subscription: Subscription) -> list[str]:
    """Return what the consumer gets."""
    return bodies(subscription.queue)


def test_all_go_back_and_each_is_counted(subscription: Subscription) -> None:
    put(subscription.dead_letters, *MANY)
    counted: list[int] = []
    assert by_hand(subscription.dead_letters, subscription.queue, counted.append) == len(MANY)
    assert counted == [*range(1, len(MANY) + 1)]
    assert bodies(subscription.dead_letters) == []
    assert received(subscription) == MANY


def test_where_nothing_is_there_nothing_is_done_and_it_can_be_done_again(subscription: Subscription) -> None:
    for _ in range(2):
        assert by_hand(subscription.dead_letters, subscription.queue, never) == 0


@pytest.mark.parametrize("after", [1, 10, 17])
def test_interrupted_it_loses_nothing_and_leaves_the_rest_where_it_was(subscription: Subscription, after: int) -> None:
    put(subscription.dead_letters, *MANY)

    def interrupted(count: int) -> None:
        if count == after:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        by_hand(subscription.dead_letters, subscription.queue, interrupted)
    assert len(bodies(subscription.dead_letters)) == len(MANY) - after
    assert by_hand(subscription.dead_letters, subscription.queue, lambda _: None) == len(MANY) - after
    assert received(subscription) == MANY


def test_killed_between_sending_and_deleting_one_is_there_twice_and_none_is_lost(
    subscription: Subscription, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(subscription.dead_letters, *MANY)

    def die(held: Held, message: Any) -> None:
        raise SystemExit

    with monkeypatch.context() as patched:
        patched.setattr(Held, "delete", die)
        with pytest.raises(SystemExit):
            by_hand(subscription.dead_letters, subscription.queue, never)
    by_hand(subscription.dead_letters, subscription.queue, lambda _: None)
    got = received(subscription)
    assert set(got) == set(MANY)
    assert len(got) == len(MANY) + 1


def test_what_fails_again_meanwhile_is_not_sent_round_and_round(
    subscription: Subscription, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every message that goes back is a dead letter again at once, under the id that it was given."""
    put(subscription.dead_letters, *MANY)

    def consumer_that_fails(_: int) -> None:
        for _try in range(2):
            subscription.queue.client.receive_message(QueueUrl=subscription.queue.url)

    assert by_hand(subscription.dead_letters, subscription.queue, consumer_that_fails) == len(MANY)
    assert bodies(subscription.dead_letters) == MANY


def test_an_engine_that_can_not_move_them_has_it_done_by_hand(subscription: Subscription, sqs: Any) -> None:
    put(subscription.dead_letters, "one")
    assert redrive(given(subscription, service="sqs", client=QueuesThatCanNotMove(sqs)), lambda _: None) == 1
    assert received(subscription) == ["one"]


def moving(sqs: Any, *looks: dict[str, Any] | BaseException, running: bool = False) -> MovingQueues:
    return MovingQueues(sqs, [*looks], running=running)


def look(status: str, moved: int, **more: str) -> dict[str, Any]:
    return {"Status": status, "ApproximateNumberOfMessagesMoved": moved, **more}


def test_an_engine_that_can_move_them_does(subscription: Subscription, sqs: Any) -> None:
    client = moving(sqs, look("RUNNING", 0), look("RUNNING", 3), look("RUNNING", 3), look("COMPLETED", 5))
    counted: list[int] = []
    assert redrive(given(subscription, service="sqs", client=client), counted.append) == 5
    assert client.started == [{"SourceArn": subscription.dead_letters.arn, "DestinationArn": subscription.queue.arn}]
    assert counted == [3]


def test_a_move_that_runs_already_is_followed(subscription: Subscription, sqs: Any) -> None:
    client = moving(sqs, look("RUNNING", 1), look("RUNNING", 1), look("COMPLETED", 2), running=True)
    assert redrive(given(subscription, service="sqs", client=client), lambda _: None) == 2
    assert client.started == []


def test_a_move_that_has_ended_before_does_not_count(subscription: Subscription, sqs: Any) -> None:
    before = look("COMPLETED", 9, StartedTimestamp="yesterday")
    client = moving(sqs, before, before, look("RUNNING", 0), look("COMPLETED", 1), running=True)
    assert redrive(given(subscription, service="sqs", client=client), lambda _: None) == 1
    assert len(client.started) == 1


def test_a_move_that_fails_is_told_with_its_reason(subscription: Subscription, sqs: Any) -> None:
    client = moving(sqs, look("FAILED", 4, FailureReason="AccessDenied"))
    with pytest.raises(TakeawayError, match=r"FAILED \(AccessDenied\) after 4"):
        redrive(given(subscription, service="sqs", client=client), lambda _: None)


def test_a_move_that_does_not_get_on_is_not_waited_for(
    subscription: Subscription, sqs: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("takeaway.run.client.dead_letters.STALLED_SECONDS", 0)
    client = moving(sqs, look("RUNNING", 0))
    with pytest.raises(TakeawayError, match="Nothing has moved"):
        redrive(given(subscription, service="sqs", client=client), lambda _: None)
    assert client.cancelled == []


def test_an_interrupt_cancels_the_move(subscription: Subscription, sqs: Any) -> None:
    client = moving(sqs, look("RUNNING", 0), KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        redrive(given(subscription, service="sqs", client=client), lambda _: None)
    assert client.cancelled == ["started"]


def test_another_refusal_is_no_reason_to_do_it_by_hand(
    subscription: Subscription, sqs: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = moving(sqs, refused("AccessDenied", "ListMessageMoveTasks"), running=True)
    put(subscription.dead_letters, "one")
    with pytest.raises(client.exceptions.ClientError, match="AccessDenied"):
        redrive(given(subscription, service="sqs", client=client), never)
