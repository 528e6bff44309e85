"""An order's timeline, put together from recorded pieces."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from contexts.console.reader import Entry
from shared.reading import Trace
from takeaway.run.client.journey import Known, Traces, timeline
from takeaway.run.client.mails import Mail
from takeaway.run.client.workflow import Step

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def at(milliseconds: int) -> datetime:
    return NOON + timedelta(milliseconds=milliseconds)


def entry(name: str, when: datetime, kind: str = "event", **content: object) -> Entry:
    return Entry(order_id="order-1", id=name, kind=kind, name=name, at=when, recorded_at=at(999), content=content)


TRACES = Traces(
    steps=[Step(at(0), "Place order"), Step(at(20), "Notify restaurant"), Step(at(900), "ExecutionSucceeded", True)],
    entries=[
        entry("order_placed", at(10)),
        entry("message_to_restaurant", at(30), kind="message", respond_within_seconds=600),
        entry("user_notified", at(500), reason="accepted"),
    ],
    mails=[Mail(at(490), ("anna@example.com",), "Your order is confirmed", "…")],
    known={
        "promotions": Known("voucher", [Trace(at(950), "issues voucher K7QF-29XM", known_as="K7QF-29XM")]),
        "analytics": Known("line", [Trace(at(10), "keeps order_placed in the lake", place="raw/one")]),
    },
)


def test_all_traces_are_on_one_timeline_in_the_order_of_happening() -> None:
    assert [(moment.actor, moment.what) for moment in timeline(TRACES)] == [
        ("workflow", "Place order"),
        ("bus", "order_placed"),
        ("analytics", "keeps order_placed in the lake"),
        ("workflow", "Notify restaurant"),
        ("restaurant", "gets the order"),
        ("customer", "gets the e-mail “Your order is confirmed”"),
        ("bus", "user_notified"),
        ("workflow", "ends"),
        ("promotions", "issues voucher K7QF-29XM"),
    ]


def test_each_moment_says_how_long_it_was_after_the_one_before() -> None:
    moments = timeline(TRACES)
    assert [round(moment.since_previous.total_seconds() * 1000) for moment in moments] == [
        0, 10, 0, 10, 10, 460, 10, 400, 50,
    ]  # fmt: skip
    assert sum((moment.since_previous for moment in moments), timedelta()) == moments[-1].at - moments[0].at


def test_where_something_lies_is_told_beside_what_it_is() -> None:
    (stored,) = [moment for moment in timeline(TRACES) if moment.actor == "analytics"]
    assert (stored.at, stored.detail, stored.place) == (at(10), "", "raw/one")


def test_a_neighbour_that_nobody_here_has_heard_of_is_told_by_its_name_before_the_customer_hears_of_it() -> None:
    mail = Mail(at(0), ("anna@example.com",), "10 points", "…")
    moments = timeline(Traces(mails=[mail], known={"loyalty": Known("point", [Trace(at(0), "counts 10 points")])}))
    assert [(moment.actor, moment.what) for moment in moments] == [
        ("loyalty", "counts 10 points"), ("customer", "gets the e-mail “10 points”"),
    ]  # fmt: skip


def test_the_e_mail_with_a_voucher_was_not_sent_before_there_was_one() -> None:
    mail = Mail(NOON, ("anna@example.com",), "A voucher", "Here it is: K7QF-29XM")
    moments = timeline(Traces(mails=[mail], known={"promotions": TRACES.known["promotions"]}))
    assert [(moment.actor, moment.at) for moment in moments] == [("promotions", at(950)), ("customer", at(950))]


def test_reasons_and_the_time_to_answer_are_told() -> None:
    details = {moment.what: moment.detail for moment in timeline(TRACES)}
    assert details["user_notified"] == "reason: accepted"
    assert details["gets the order"] == "asked to answer within 600 seconds"


def test_at_the_same_moment_the_cause_comes_first() -> None:
    traces = Traces(steps=[Step(at(0), "Place order")], entries=[entry("order_placed", at(0))])
    assert [moment.actor for moment in timeline(traces)] == ["workflow", "bus"]


def test_every_end_of_a_workflow_has_its_words() -> None:
    ends = ["ExecutionSucceeded", "ExecutionFailed", "ExecutionTimedOut", "ExecutionAborted"]
    traces = Traces(steps=[Step(at(number), end, True) for number, end in enumerate(ends)])
    assert [moment.what for moment in timeline(traces)] == [
        "ends", "ends as failed", "ends as timed out", "is stopped from outside",
    ]  # fmt: skip


def test_an_order_without_traces_has_no_moments() -> None:
    assert timeline(Traces()) == []


def test_a_journey_can_be_told_of_some_actors_alone_with_the_time_between_what_they_did() -> None:
    told = timeline(TRACES, ["bus"])
    assert {moment.actor for moment in told} == {"bus"}
    assert [moment.since_previous for moment in told[1:]] == [b.at - a.at for a, b in pairwise(told)]
