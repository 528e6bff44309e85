"""The parts of an order's journey that can be guessed where no workflow has its history."""

from datetime import UTC, datetime, timedelta

from contexts.console.reader import Entry
from shared.reading import Trace
from takeaway.run.client.guesses import guesses
from takeaway.run.client.journey import Known, Recorded, Traces, timeline
from takeaway.run.client.mails import Mail

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def at(seconds: int) -> datetime:
    return NOON + timedelta(seconds=seconds)


def entry(name: str, seconds: int, kind: str = "event", **content: object) -> Entry:
    return Entry("order-1", f"{name}{seconds}", kind, name, at(seconds), content, at(seconds))


PLACED = [entry("order_placed", 0), entry("message_to_restaurant", 1, "message"), entry("restaurant_notified", 1)]
RECORDED = [Recorded(at(0), "order_placed"), Recorded(at(1), "restaurant_notified")]
ACCEPTED = [*PLACED, entry("order_accepted", 5)]


def guessed(status: str, traces: Traces) -> str:
    return "\n".join(guesses({"status": status}, traces))


def test_it_is_said_what_a_journey_was_put_together_from() -> None:
    known = {"analytics": Known("line in the lake"), "loyalty": Known("point", [Trace(NOON, "counts a point")])}
    traces = Traces(entries=PLACED, mails=[Mail(NOON, ("me@example.com",), "Hello", "")], known=known)
    assert "2 events, 1 message, 1 e-mail, 0 lines in the lake, 1 point, and the order itself" in guessed(
        "PLACED", traces
    )


def test_of_an_open_order_nobody_knows_what_comes_next() -> None:
    for status in ("PLACED", "ACCEPTED"):
        assert "no deadline will end it" in guessed(status, Traces(entries=ACCEPTED))
    assert "no deadline" not in guessed("COMPLETED", Traces(entries=ACCEPTED))


def test_a_restaurant_or_a_customer_that_may_not_have_been_told_is_named() -> None:
    assert "the restaurant was told" in guessed("PLACED", Traces(entries=PLACED[:1]))
    assert "the restaurant was told" not in guessed("PLACED", Traces(entries=PLACED))
    assert "the customer was told" in guessed("ACCEPTED", Traces(entries=ACCEPTED))
    told = [*ACCEPTED, entry("user_notified", 6, reason="accepted")]
    assert "the customer was told" not in guessed("ACCEPTED", Traces(entries=told))


def test_a_change_that_no_event_told_of_is_named_and_on_the_timeline() -> None:
    traces = Traces(entries=PLACED[:1], recorded=RECORDED)
    assert "restaurant_notified is recorded on the order, but no such event was seen" in guessed("PLACED", traces)
    assert [(moment.actor, moment.what) for moment in timeline(traces)] == [
        ("bus", "order_placed"), ("orders", "records restaurant_notified"),
    ]  # fmt: skip
    assert Traces(entries=PLACED, recorded=RECORDED).unheard == []


def test_a_notification_was_heard_of_if_it_was_about_the_same() -> None:
    recorded = [Recorded(at(6), "user_notified", "ACCEPTED")]
    assert Traces(entries=[entry("user_notified", 6, reason="accepted")], recorded=recorded).unheard == []
    assert Traces(entries=[entry("user_notified", 6, reason="rejected")], recorded=recorded).unheard == recorded


def test_dead_letters_may_be_about_this_order_or_not() -> None:
    told = guessed("ACCEPTED", Traces(dead_letters={"notify-user-dlq": 1, "notify-restaurant-dlq": 0}))
    assert "notify-user-dlq has 1 message" in told
    assert "notify-restaurant-dlq" not in told
