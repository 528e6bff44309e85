"""The voucher policy: which completed order earns which voucher."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contexts.promotions.domain.money import Money
from contexts.promotions.domain.policy import Loyalty, Offer, VoucherPolicy
from contexts.promotions.domain.reward import FixedAmount, InvalidPolicy, PartOfBasket, Reward
from contexts.promotions.domain.voucher import CompletedOrder, NoVoucher

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
DAYS = timedelta(days=90)
POLICY = VoucherPolicy(
    DAYS,
    every_order={
        "EUR": PartOfBasket(minimum_basket=1500, percent=10, cap=1000),
        "JPY": PartOfBasket(minimum_basket=1500, percent=10, cap=2000),
        "KWD": PartOfBasket(minimum_basket=4000, percent=10, cap=3000),
        "MXN": FixedAmount(minimum_basket=20_000, amount=1500),
    },
    loyalty=Loyalty(
        every=5,
        rewards={
            "EUR": FixedAmount(minimum_basket=2000, amount=500),
            "JPY": PartOfBasket(minimum_basket=1000, percent=20, cap=3000),
            "USD": FixedAmount(minimum_basket=500, amount=500),
        },
    ),
)
rewards = st.one_of(
    st.builds(
        PartOfBasket, minimum_basket=st.integers(100, 5000), percent=st.integers(1, 100), cap=st.integers(1, 5000)
    ),
    st.integers(1, 5000).flatmap(lambda amount: st.builds(FixedAmount, st.integers(amount, 9000), st.just(amount))),
)


def order(amount: int, currency: str, completed_at: datetime = NOON) -> CompletedOrder:
    return CompletedOrder("order-1", "customer-1", Money(amount, currency), completed_at)


def offered(policy: VoucherPolicy, amount: int, currency: str = "EUR", *, number: int = 1) -> Offer | NoVoucher:
    return policy.offer(order(amount, currency), number=number, now=NOON)


@pytest.mark.parametrize(
    ("amount", "currency", "value"),
    [
        (1500, "EUR", 150),  # just the minimum
        (2150, "EUR", 215),
        (2159, "EUR", 215),  # rounded down, never more than the percentage
        (1530, "JPY", 153),  # no minor digits: 153 yen, not 1.53
        (17500, "KWD", 1750),  # three minor digits: 1.750 dinar
        (10_000, "EUR", 1000),
        (250_000, "EUR", 1000),  # capped
        (56_640, "JPY", 2000),
        (20_000, "MXN", 1500),  # a fixed amount, for any basket from the minimum on
        (90_000, "MXN", 1500),
    ],
)
def test_an_order_earns_a_part_of_its_basket_or_the_fixed_amount_of_its_currency(
    amount: int, currency: str, value: int
) -> None:
    assert offered(POLICY, amount, currency) == Offer(Money(value, currency), NOON + DAYS)


@pytest.mark.parametrize(("amount", "currency"), [(1499, "EUR"), (0, "EUR"), (350, "KWD"), (1499, "JPY"), (1, "MXN")])
def test_a_basket_below_the_minimum_of_its_currency_earns_none(amount: int, currency: str) -> None:
    assert offered(POLICY, amount, currency) is NoVoucher.BELOW_MINIMUM_BASKET


def test_a_currency_that_is_not_listed_earns_none_rather_than_an_unlimited_one() -> None:
    assert offered(POLICY, 1_000_000, "XAU") is NoVoucher.CURRENCY_NOT_OFFERED
    assert offered(POLICY, 1_000_000, "XAU", number=5) is NoVoucher.CURRENCY_NOT_OFFERED


@pytest.mark.parametrize("number", [5, 10, 500])
def test_every_fifth_order_earns_the_loyalty_reward(number: int) -> None:
    assert offered(POLICY, 2500, number=number) == Offer(Money(500, "EUR"), NOON + DAYS, is_for_loyalty=True)


@pytest.mark.parametrize("number", [1, 2, 4, 6, 9, 11])
def test_the_orders_between_earn_what_every_order_earns(number: int) -> None:
    assert offered(POLICY, 2500, number=number) == Offer(Money(250, "EUR"), NOON + DAYS)


@pytest.mark.parametrize(
    ("amount", "currency", "value", "is_for_loyalty"),
    [
        (1999, "EUR", 199, False),  # too small for the loyalty reward, large enough for the ordinary one
        (4999, "EUR", 500, True),
        (5000, "EUR", 500, True),  # worth the same
        (9000, "EUR", 900, False),  # the ordinary one is worth more
        (1000, "JPY", 200, True),  # large enough for the loyalty reward alone
        (500, "USD", 500, True),  # a currency of the loyalty reward alone
        (20_000, "MXN", 1500, False),  # a currency of the ordinary reward alone
    ],
)
def test_a_loyal_customer_gets_what_is_worth_more_for_this_basket(
    amount: int, currency: str, value: int, is_for_loyalty: bool
) -> None:
    assert offered(POLICY, amount, currency, number=5) == Offer(Money(value, currency), NOON + DAYS, is_for_loyalty)


def test_a_loyalty_order_whose_basket_is_too_small_for_both_rewards_earns_none() -> None:
    assert offered(POLICY, 1400, number=5) is NoVoucher.BELOW_MINIMUM_BASKET


def test_a_policy_may_reward_loyalty_alone() -> None:
    loyal = VoucherPolicy(DAYS, loyalty=Loyalty(2, {"EUR": FixedAmount(1000, 500)}))
    assert offered(loyal, 2000, number=1) is NoVoucher.CURRENCY_NOT_OFFERED
    assert offered(loyal, 2000, number=2) == Offer(Money(500, "EUR"), NOON + DAYS, is_for_loyalty=True)


def test_an_event_that_comes_late_earns_what_is_left_of_the_validity() -> None:
    offer = POLICY.offer(order(2000, "EUR"), number=1, now=NOON + timedelta(days=89))
    assert offer == Offer(Money(200, "EUR"), NOON + DAYS)


def test_an_event_that_comes_after_the_validity_earns_none() -> None:
    assert POLICY.offer(order(2000, "EUR"), number=1, now=NOON + DAYS) is NoVoucher.TOO_LATE


@given(rewards, st.integers(0, 10**12))
def test_a_voucher_is_worth_something_and_never_more_than_its_basket(reward: Reward, amount: int) -> None:
    offer = offered(VoucherPolicy(DAYS, {"EUR": reward}), amount)
    if amount < reward.minimum_basket:
        assert offer is NoVoucher.BELOW_MINIMUM_BASKET
    else:
        assert isinstance(offer, Offer)
        assert 0 < offer.value.amount <= amount
        assert offer.value.currency == "EUR"


@given(st.integers(0, 10**9), st.integers(1, 100), st.integers(1, 10**6))
def test_a_part_of_a_basket_is_never_more_than_the_percentage_and_the_cap(amount: int, percent: int, cap: int) -> None:
    value = PartOfBasket(100, percent, cap).value(Money(amount, "EUR")).amount
    assert value <= cap
    assert value * 100 <= amount * percent


@given(
    ordinary=rewards, loyal=rewards, amount=st.integers(0, 20_000), every=st.integers(2, 12), times=st.integers(1, 9)
)
def test_an_nth_order_never_earns_less_than_another_and_the_others_nothing_else(
    ordinary: Reward, loyal: Reward, amount: int, every: int, times: int
) -> None:
    plain = VoucherPolicy(DAYS, {"EUR": ordinary})
    try:
        policy = VoucherPolicy(DAYS, {"EUR": ordinary}, Loyalty(every, {"EUR": loyal}))
    except InvalidPolicy:
        # The refusal is right: for no basket is the loyalty reward better by more than rounding.
        assert worth(offered(VoucherPolicy(DAYS, {"EUR": loyal}), amount)) <= worth(offered(plain, amount)) + 1
        return
    assert worth(offered(policy, amount, number=every * times)) >= worth(offered(plain, amount))
    assert offered(policy, amount, number=every * times + 1) == offered(plain, amount)


def worth(offer: Offer | NoVoucher) -> int:
    return offer.value.amount if isinstance(offer, Offer) else 0


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda: PartOfBasket(1500, 0, 1000), "percent: expected 1 to 100, got 0"),
        (lambda: PartOfBasket(1500, 101, 1000), "percent: expected 1 to 100, got 101"),
        (lambda: PartOfBasket(1500, 10, 0), "cap: expected more than 0"),
        (lambda: PartOfBasket(9, 10, 1000), "minimum_basket: expected more, 10 % of it rounds to nothing"),
        (lambda: FixedAmount(1500, 0), "amount: expected more than 0"),
        (lambda: FixedAmount(1500, 1501), "amount: expected no more than minimum_basket"),
        (lambda: Loyalty(1, POLICY.every_order), "loyalty.every: expected 2 or more, got 1"),
        (lambda: Loyalty(2, {}), "loyalty.reward: expected at least one currency"),
        (lambda: VoucherPolicy(timedelta(0), POLICY.every_order), "validity_days: expected 1 or more, got 0"),
        (lambda: VoucherPolicy(DAYS), "every_order: expected a currency"),
        (
            lambda: VoucherPolicy(DAYS, POLICY.every_order, Loyalty(2, {"EUR": PartOfBasket(1500, 5, 1000)})),
            "loyalty.reward.EUR: expected to beat every_order",
        ),
        (
            lambda: VoucherPolicy(DAYS, POLICY.every_order, Loyalty(2, {"MXN": FixedAmount(20_000, 1500)})),
            "loyalty.reward.MXN: expected to beat every_order",
        ),
    ],
)
def test_a_policy_that_could_not_work_is_refused_and_the_key_named(make: Callable[[], object], told: str) -> None:
    with pytest.raises(InvalidPolicy) as refused:
        make()
    assert str(refused.value).startswith(told)


def test_money_is_never_negative() -> None:
    with pytest.raises(ValueError, match="-1 EUR"):
        Money(-1, "EUR")
