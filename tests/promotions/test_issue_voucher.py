"""One count, one voucher and one e-mail per order, whatever is delivered twice or at once and wherever it crashes."""

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from contexts.promotions.application.issue_voucher import ROUNDS
from contexts.promotions.application.ports import BeingSent, MailNotSent, Overtaken, Recipient
from contexts.promotions.application.send_voucher import LEASE, Sent
from contexts.promotions.domain.money import Money
from contexts.promotions.domain.policy import Loyalty, VoucherPolicy
from contexts.promotions.domain.reward import FixedAmount, PartOfBasket
from contexts.promotions.domain.voucher import MEMORY, CompletedOrder, NoVoucher, Voucher, remembered_until
from tests.fakes.vouchers import Crash, World

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
ORDER = CompletedOrder("order-1", "customer-1", Money(2150, "EUR"), completed_at=NOON)
SMALL = replace(ORDER, total=Money(350, "EUR"))
GIULIA = Recipient("giulia@example.com")
POLICY = VoucherPolicy(
    timedelta(days=90),
    {"EUR": PartOfBasket(1500, 10, 1000)},
    Loyalty(every=3, rewards={"EUR": FixedAmount(1500, 700)}),
)
REDELIVERED = timedelta(minutes=3)
MOMENTS = [f"{when} {call}" for call in ("earned_by", "number_of", "count", "claim", "send", "record_sent")
           for when in ("before", "after")]  # fmt: skip
# SES has sent the e-mail and nothing has recorded it: no order of writes can prevent this case.
THE_HOLE = ["after send", "before record_sent"]


@pytest.fixture
def world() -> World:
    return World(POLICY, NOON + timedelta(seconds=5))


def crash() -> None:
    raise Crash


def order(number: int) -> CompletedOrder:
    return replace(ORDER, order_id=f"order-{number}")


def test_a_completed_order_earns_a_voucher_and_an_email_with_its_code(world: World) -> None:
    assert world.issue(ORDER, GIULIA) is Sent.NOW
    voucher = Voucher(
        order_id="order-1",
        customer_id="customer-1",
        code="CODE-0001",
        value=Money(215, "EUR"),
        issued_at=world.clock.now(),
        expires_at=NOON + timedelta(days=90),
    )
    assert world.mail.sent == [(voucher, GIULIA)]
    assert world.orders.kept == {"order-1": replace(voucher, emailed_at=world.clock.now())}


def test_an_order_that_earns_none_gets_no_email_and_an_answer_that_says_why(world: World) -> None:
    assert world.issue(SMALL, GIULIA) is NoVoucher.BELOW_MINIMUM_BASKET
    assert (world.orders.vouchers, world.mail.sent) == ({}, [])


def test_every_third_order_of_a_customer_earns_the_loyalty_reward(world: World) -> None:
    for number in range(1, 8):
        world.issue(order(number), GIULIA)
        world.issue(replace(order(100 + number), customer_id=f"other-{number}"), GIULIA)
    loyal = {id_: voucher.loyalty_order for id_, voucher in world.orders.vouchers.items() if voucher.loyalty_order}
    assert loyal == {"order-3": 3, "order-6": 6}
    assert world.orders.vouchers["order-3"].value == Money(700, "EUR")


def test_an_order_that_earns_no_voucher_counts_for_loyalty_like_any_other(world: World) -> None:
    world.issue(SMALL, GIULIA)
    world.issue(replace(order(2), total=Money(2000, "XAU")), GIULIA)
    world.issue(order(3), GIULIA)
    assert world.orders.vouchers["order-3"].loyalty_order == 3


def test_orders_are_numbered_as_they_come_and_not_as_they_were_completed(world: World) -> None:
    for number in (3, 1, 2):
        world.issue(replace(order(number), completed_at=NOON - timedelta(hours=number)), GIULIA)
    assert world.orders.numbers == {"order-3": 1, "order-1": 2, "order-2": 3}


def test_an_event_delivered_again_changes_nothing(world: World) -> None:
    world.issue(ORDER, GIULIA)
    before = dict(world.orders.kept)
    world.clock.advance(timedelta(hours=1))
    assert [world.issue(ORDER, GIULIA) for _ in range(3)] == [Sent.BEFORE] * 3
    assert world.orders.kept == before
    assert world.orders.counted == {"customer-1": 1}
    assert len(world.mail.sent) == 1


def test_a_refusal_delivered_again_counts_nothing_and_gets_the_same_answer(world: World) -> None:
    assert [world.issue(SMALL, GIULIA) for _ in range(2)] == [NoVoucher.BELOW_MINIMUM_BASKET] * 2
    assert world.orders.counted == {"customer-1": 1}


@pytest.mark.parametrize("moment", [moment for moment in MOMENTS if moment not in THE_HOLE])
def test_wherever_a_function_dies_the_next_delivery_leads_to_one_voucher_and_one_email(
    world: World, moment: str
) -> None:
    world.moments.at(moment, crash)
    with pytest.raises(Crash):
        world.issue(ORDER, GIULIA)
    world.clock.advance(REDELIVERED)
    world.issue(ORDER, GIULIA)
    assert world.issue(ORDER, GIULIA) is Sent.BEFORE
    assert world.orders.counted == {"customer-1": 1}
    assert [voucher.code for voucher, _ in world.mail.sent] == [world.orders.vouchers["order-1"].code]


@pytest.mark.parametrize("moment", THE_HOLE)
def test_a_death_between_sending_and_recording_repeats_the_email_with_the_same_code(world: World, moment: str) -> None:
    world.moments.at(moment, crash)
    with pytest.raises(Crash):
        world.issue(ORDER, GIULIA)
    world.clock.advance(REDELIVERED)
    assert world.issue(ORDER, GIULIA) is Sent.NOW
    assert world.issue(ORDER, GIULIA) is Sent.BEFORE
    assert [voucher.code for voucher, _ in world.mail.sent] == ["CODE-0001", "CODE-0001"]
    assert world.orders.counted == {"customer-1": 1}


@pytest.mark.parametrize("moment", MOMENTS)
def test_the_same_event_at_another_function_at_the_same_time_leads_to_one_voucher_and_one_email(
    world: World, moment: str
) -> None:
    def another_function() -> None:
        with suppress(BeingSent):
            world.issue(ORDER, GIULIA)

    world.moments.at(moment, another_function)
    with suppress(BeingSent):
        world.issue(ORDER, GIULIA)
    assert moment in world.moments.passed
    world.clock.advance(REDELIVERED)
    assert world.issue(ORDER, GIULIA) is Sent.BEFORE
    assert world.orders.counted == {"customer-1": 1}
    assert [voucher.code for voucher, _ in world.mail.sent] == [world.orders.vouchers["order-1"].code]


@pytest.mark.parametrize("moment", MOMENTS)
def test_two_orders_of_a_customer_at_the_same_time_get_different_numbers(world: World, moment: str) -> None:
    world.moments.at(moment, lambda: world.issue(order(2), GIULIA))
    world.issue(ORDER, GIULIA)
    assert moment in world.moments.passed
    assert sorted(world.orders.numbers.values()) == [1, 2]
    assert len(world.mail.sent) == 2


def test_an_order_that_is_overtaken_again_and_again_fails_rather_than_to_go_on_for_ever(world: World) -> None:
    others = iter(range(2, 100))

    def overtake(moment: str) -> None:
        if moment == "after number_of":
            world.orders.counted["customer-1"] += next(others)

    world.moments.happens = overtake
    with pytest.raises(Overtaken, match=f"order-1: other orders of its customer were counted first, {ROUNDS} times"):
        world.issue(ORDER, GIULIA)
    assert world.orders.kept == {}


def test_who_finds_an_email_claimed_fails_until_the_claim_has_run_out(world: World) -> None:
    world.moments.at("after claim", crash)
    with pytest.raises(Crash):
        world.issue(ORDER, GIULIA)
    world.clock.advance(LEASE - timedelta(milliseconds=1))
    with pytest.raises(BeingSent):
        world.issue(ORDER, GIULIA)
    assert world.mail.sent == []
    world.clock.advance(timedelta(milliseconds=1))
    assert world.issue(ORDER, GIULIA) is Sent.NOW


def test_an_email_that_was_not_taken_can_be_sent_at_once_by_the_next_with_the_same_code(world: World) -> None:
    world.mail.refuses = True
    with pytest.raises(MailNotSent):
        world.issue(ORDER, GIULIA)
    assert world.claims.until == {}
    world.mail.refuses = False
    assert world.issue(ORDER, GIULIA) is Sent.NOW
    assert [voucher.code for voucher, _ in world.mail.sent] == ["CODE-0001"]


@pytest.mark.parametrize("moment", ["before release", "after release"])
def test_a_death_while_giving_up_a_claim_costs_no_email(world: World, moment: str) -> None:
    world.mail.refuses = True
    world.moments.at(moment, crash)
    with pytest.raises(Crash):
        world.issue(ORDER, GIULIA)
    world.mail.refuses = False
    world.clock.advance(REDELIVERED)
    assert world.issue(ORDER, GIULIA) is Sent.NOW


def test_a_promise_made_under_an_earlier_policy_stands(world: World) -> None:
    world.mail.refuses = True
    with pytest.raises(MailNotSent):
        world.issue(ORDER, GIULIA)
    world.mail.refuses = False
    stricter = world.under(replace(POLICY, every_order={"EUR": PartOfBasket(50_000, 10, 1000)}))
    assert stricter(ORDER, GIULIA) is Sent.NOW
    assert world.mail.sent[0][0].value == Money(215, "EUR")


def test_a_refusal_under_an_earlier_policy_stands_too(world: World) -> None:
    world.issue(SMALL, GIULIA)
    more_generous = world.under(replace(POLICY, every_order={"EUR": FixedAmount(100, 100)}))
    assert more_generous(SMALL, GIULIA) is NoVoucher.BELOW_MINIMUM_BASKET


def test_nobody_is_written_to_about_a_voucher_that_has_expired(world: World) -> None:
    world.mail.refuses = True
    with pytest.raises(MailNotSent):
        world.issue(ORDER, GIULIA)
    world.mail.refuses = False
    world.clock.advance(timedelta(days=91))
    assert world.issue(ORDER, GIULIA) is Sent.BEFORE
    assert world.mail.sent == []


def test_an_event_that_comes_after_the_validity_counts_and_earns_no_voucher(world: World) -> None:
    short = world.under(replace(POLICY, validity=timedelta(days=7)))
    world.clock.advance(timedelta(days=8))
    assert short(ORDER, GIULIA) is NoVoucher.TOO_LATE
    assert world.orders.counted == {"customer-1": 1}


@pytest.mark.parametrize("days", [7, 90, 400])
def test_a_replay_after_the_order_was_forgotten_neither_counts_nor_earns_again_under_any_policy(
    world: World, days: int
) -> None:
    world.under(replace(POLICY, validity=timedelta(days=days)))(ORDER, GIULIA)
    world.clock.at = remembered_until(ORDER, world.orders.kept["order-1"])
    world.orders.kept.clear()  # as the table's time to live does
    for later in (7, 90, 400):
        assert world.under(replace(POLICY, validity=timedelta(days=later)))(ORDER, GIULIA) is NoVoucher.TOO_LATE
    assert (world.orders.counted, len(world.mail.sent)) == ({"customer-1": 1}, 1)


def test_an_order_is_remembered_as_long_as_its_event_can_come_again_and_its_voucher_is_valid() -> None:
    voucher = Voucher("order-1", "customer-1", "CODE", Money(215, "EUR"), NOON, expires_at=NOON + timedelta(days=7))
    assert remembered_until(ORDER, NoVoucher.BELOW_MINIMUM_BASKET) == NOON + MEMORY
    assert remembered_until(ORDER, voucher) == NOON + MEMORY
    longer = replace(voucher, expires_at=NOON + timedelta(days=400))
    assert remembered_until(ORDER, longer) == NOON + timedelta(days=400)


def test_a_recipient_shows_in_no_log() -> None:
    assert "iulia" not in repr(GIULIA)
