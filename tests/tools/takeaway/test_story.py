"""The demo's expectations of each story; it notices whatever is missing."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations
from pathlib import Path

import pytest

from contexts.promotions.domain.money import Money
from contexts.promotions.domain.policy import Offer
from contexts.promotions.domain.voucher import CompletedOrder
from contexts.promotions.settings.policy_file import voucher_policy
from takeaway.errors import TakeawayError
from takeaway.facts import facts_of
from takeaway.run.demo.evidence import Evidence, missing, missing_loyalty
from takeaway.run.demo.examples import Example, load

EXAMPLES = load()
BEGUN = ("order_placed", "restaurant_notified")
STORIES = {
    "completed": (*BEGUN, "order_accepted", "user_notified", "order_completed"),
    "rejected": (*BEGUN, "order_rejected", "user_notified"),
    "expired": (*BEGUN, "order_expired", "user_notified"),
    "cancelled": (*BEGUN, "order_cancelled", "user_notified"),
    "timed out": (*BEGUN, "order_accepted", "user_notified", "order_timed_out", "user_notified"),
    "stopped by an operator": (*BEGUN, "order_failed", "user_notified"),
}


def example(story: str = "completed", *, voucher: bool = True) -> Example:
    return Example(name="01", story=story, customer="Ada", email="ada@example.com", order={}, voucher=voucher)


def all_of(example: Example) -> Evidence:
    events = STORIES[example.story]
    ended = {"stopped by an operator": "failed", "timed out": "timed_out"}.get(example.story, example.story)
    return Evidence(
        status=ended.upper(),
        workflow="ABORTED" if ended == "failed" else "SUCCEEDED",
        events=events,
        messages=1,
        mails=2 if example.voucher or example.story == "timed out" else 1,
        vouchers=int(example.voucher),
        lake=frozenset(events),
    )


@pytest.mark.parametrize("story", STORIES)
def test_a_story_of_which_all_happened_lacks_nothing(story: str) -> None:
    told = example(story, voucher=story == "completed")
    assert missing(told, all_of(told)) == []


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"status": "ACCEPTED"}, "its status is ACCEPTED, not COMPLETED"),
        ({"workflow": "RUNNING"}, "its workflow is RUNNING, not SUCCEEDED"),
        ({"events": STORIES["completed"][:-1]}, "its events are"),
        ({"events": (*STORIES["completed"], "order_completed")}, "its events are"),
        ({"events": tuple(reversed(STORIES["completed"]))}, "its events are"),
        ({"messages": 0}, "its restaurant got 0 messages, not 1"),
        ({"mails": 1}, "its customer got 1 e-mails, not 2"),
        ({"vouchers": 0}, "promotions issued 0 vouchers for it, not 1"),
        ({"lake": frozenset({"order_placed"})}, "the lake lacks its order_accepted, order_completed"),
    ],
)
def test_whatever_did_not_happen_is_told(change: dict[str, object], told: str) -> None:
    (sentence,) = missing(example(), replace(all_of(example()), **change))  # type: ignore[arg-type]
    assert sentence.startswith(f"01: {told}")


def test_an_order_of_which_nothing_is_known_lacks_everything() -> None:
    assert len(missing(example(), Evidence())) == 7


def test_a_voucher_that_the_policy_does_not_give_is_noticed() -> None:
    told = example(voucher=False)
    assert missing(told, replace(all_of(told), vouchers=1)) == ["01: promotions issued 1 vouchers for it, not 0"]


def test_the_orders_that_wait_for_a_timeout_come_first() -> None:
    assert [each.story for each in EXAMPLES[:2]] == ["expired", "timed out"]
    assert sorted(EXAMPLES[2:], key=lambda each: each.name) == EXAMPLES[2:]


def test_the_demo_shows_every_end_of_an_order() -> None:
    assert {each.way.status for each in EXAMPLES} == {way.status for way in facts_of("orders").ways.values()}
    assert {each.story for each in EXAMPLES} == STORIES.keys()


def offered(each: Example, number: int) -> Offer | None:
    """Return the shipped policy's offer for an order, completed as its customer's `number`-th."""
    prices = [(item["quantity"], item["unit_price"]) for item in each.order["items"]]
    total = Money(sum(quantity * price["amount"] for quantity, price in prices), prices[0][1]["currency"])
    now = datetime(2026, 11, 23, tzinfo=UTC)
    completed = CompletedOrder(order_id="order-1", customer_id="anna", total=total, completed_at=now)
    offer = voucher_policy().offer(completed, number=number, now=now + timedelta(seconds=1))
    return offer if isinstance(offer, Offer) else None


@pytest.mark.parametrize("each", EXAMPLES, ids=lambda each: each.name)
def test_the_demo_expects_a_voucher_exactly_where_the_policy_gives_one(each: Example) -> None:
    assert [each.voucher] * 2 == [each.story == "completed" and offered(each, number) is not None for number in (1, 2)]


def test_the_demo_expects_a_loyalty_voucher_for_who_comes_back_in_whatever_order_the_orders_are_completed() -> None:
    completed: dict[str, list[Example]] = {}
    for each in EXAMPLES:
        if each.story == "completed":
            completed.setdefault(each.customer_id, []).append(each)
    for orders in completed.values():
        owed = sum(each.loyalty for each in orders)
        for order in permutations(orders):
            offers = [offered(each, number) for number, each in enumerate(order, start=1)]
            assert sum(offer.is_for_loyalty for offer in offers if offer) == owed
    assert sum(each.loyalty for each in EXAMPLES) == 1


def test_a_loyalty_voucher_too_few_or_too_many_is_noticed() -> None:
    back = [each for each in EXAMPLES if each.customer == "Giulia Conti"]
    giulia = back[0].customer_id
    assert missing_loyalty(back, {giulia: 1}) == []
    assert missing_loyalty(back, {}) == [f"{giulia}: promotions issued 0 loyalty vouchers, not 1"]
    assert missing_loyalty(back, {giulia: 1, "anna": 1}) == ["anna: promotions issued 1 loyalty vouchers, not 0"]


def test_a_folder_without_orders_and_an_unknown_story_are_refused(tmp_path: Path) -> None:
    with pytest.raises(TakeawayError, match="No example orders"):
        load(tmp_path)
    (tmp_path / "01.json").write_text('{"story": "eaten", "order": {}}')
    with pytest.raises(TakeawayError, match="not 'eaten'"):
        load(tmp_path)


def test_a_total_is_written_with_the_digits_of_its_currency() -> None:
    totals = {each.total for each in EXAMPLES}
    assert {"21.50 EUR", "1,530 JPY", "17.500 KWD"} <= totals
