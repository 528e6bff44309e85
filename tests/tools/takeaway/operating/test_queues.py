"""Queues can be looked into without losing a message."""

import pytest

from takeaway.run.client.subscription import Subscription
from tests.tools.takeaway.operating.conftest import bodies, put


def test_what_was_held_is_back_at_once(subscription: Subscription) -> None:
    put(subscription.dead_letters, *map(str, range(25)))
    assert len(bodies(subscription.dead_letters)) == 25
    assert len(bodies(subscription.dead_letters)) == 25


def test_what_was_held_is_back_when_somebody_interrupts(subscription: Subscription) -> None:
    put(subscription.dead_letters, *map(str, range(25)))

    def look() -> None:
        with subscription.dead_letters.held() as held:
            next(held.batches())
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        look()
    assert len(bodies(subscription.dead_letters)) == 25


def test_while_it_is_held_nobody_else_gets_it(subscription: Subscription) -> None:
    put(subscription.dead_letters, "one")
    with subscription.dead_letters.held() as held:
        assert [message.body for message in next(held.batches())] == ["one"]
        assert bodies(subscription.dead_letters) == []
        assert subscription.dead_letters.depth().in_flight == 1
    depth = subscription.dead_letters.depth()
    assert (depth.waiting, depth.in_flight) == (1, 0)


def test_what_is_deleted_does_not_come_back(subscription: Subscription) -> None:
    put(subscription.dead_letters, "one", "two")
    with subscription.dead_letters.held() as held:
        (first, _) = next(held.batches())
        held.delete(first)
    assert bodies(subscription.dead_letters) == ["two"]


def test_a_message_is_sent_again_with_all_that_it_carries(subscription: Subscription) -> None:
    put(subscription.dead_letters, "one", ERROR_CODE="NO_PERMISSIONS")
    with subscription.dead_letters.held() as held:
        (message,) = next(held.batches())
        subscription.queue.send(message)
    with subscription.queue.held() as held:
        (again,) = next(held.batches())
    assert (again.body, again.attributes) == (message.body, message.attributes)


def test_what_a_message_shows_of_itself_holds_no_body(subscription: Subscription) -> None:
    put(subscription.dead_letters, "anna@example.com")
    with subscription.dead_letters.held() as held:
        assert "anna" not in repr(next(held.batches()))
