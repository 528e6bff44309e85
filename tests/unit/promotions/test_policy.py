"""Who gets which voucher for which completed order."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contexts.promotions.domain.money import Money
from contexts.promotions.domain.policy import InvalidPolicy, Limits, NoVoucher, Offer, VoucherPolicy
from contexts.promotions.domain.voucher import CompletedOrder

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
POLICY = VoucherPolicy(
    percent=10,
    validity=timedelta(days=90),
    limits={
        "EUR": Limits(minimum_basket=1500, cap=1000),
        "JPY": Limits(minimum_basket=1500, cap=2000),
        "KWD": Limits(minimum_basket=4000, cap=3000),
    },
)


def order(amount: int, currency: str, completed_at: datetime = NOON) -> CompletedOrder:
    return CompletedOrder("order-1", "customer-1", Money(amount, currency), completed_at)


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
    ],
)
def test_an_order_earns_a_part_of_its_basket_up_to_the_cap_of_its_currency(
    amount: int, currency: str, value: int
) -> None:
    assert POLICY.offer(order(amount, currency), now=NOON) == Offer(Money(value, currency), NOON + timedelta(days=90))


@pytest.mark.parametrize(("amount", "currency"), [(1499, "EUR"), (0, "EUR"), (350, "KWD"), (1499, "JPY")])
def test_a_basket_below_the_minimum_of_its_currency_earns_none(amount: int, currency: str) -> None:
    assert POLICY.offer(order(amount, currency), now=NOON) is NoVoucher.BELOW_MINIMUM_BASKET


def test_a_currency_without_limits_earns_none_rather_than_an_unlimited_one() -> None:
    assert POLICY.offer(order(1_000_000, "XAU"), now=NOON) is NoVoucher.CURRENCY_NOT_OFFERED


def test_an_event_that_comes_late_earns_what_is_left_of_the_validity() -> None:
    offer = POLICY.offer(order(2000, "EUR"), now=NOON + timedelta(days=89))
    assert offer == Offer(Money(200, "EUR"), NOON + timedelta(days=90))


def test_an_event_that_comes_after_the_validity_earns_none() -> None:
    assert POLICY.offer(order(2000, "EUR"), now=NOON + timedelta(days=90)) is NoVoucher.TOO_LATE


@given(amount=st.integers(0, 10**12), percent=st.integers(1, 100), cap=st.integers(1, 10**9))
def test_a_voucher_is_worth_something_and_never_more_than_cap_percentage_and_basket(
    amount: int, percent: int, cap: int
) -> None:
    policy = VoucherPolicy(percent=percent, validity=timedelta(days=1), limits={"EUR": Limits(100, cap)})
    offer = policy.offer(order(amount, "EUR"), now=NOON)
    if amount < 100:
        assert offer is NoVoucher.BELOW_MINIMUM_BASKET
    else:
        assert isinstance(offer, Offer)
        assert 0 < offer.value.amount <= min(cap, amount)
        assert offer.value.amount * 100 <= amount * percent
        assert offer.value.currency == "EUR"


@pytest.mark.parametrize(
    ("percent", "days", "limits", "named"),
    [
        (0, 90, Limits(1500, 1000), "percent"),
        (101, 90, Limits(1500, 1000), "percent"),
        (10, 0, Limits(1500, 1000), "validity"),
        (10, 90, Limits(1500, 0), "EUR"),
        (10, 90, Limits(9, 1000), "EUR"),  # 10 % of 9 cents is no cent
    ],
)
def test_a_policy_that_could_not_work_is_refused_and_named(percent: int, days: int, limits: Limits, named: str) -> None:
    with pytest.raises(InvalidPolicy, match=named):
        VoucherPolicy(percent=percent, validity=timedelta(days=days), limits={"EUR": limits})


def test_money_is_never_negative() -> None:
    with pytest.raises(ValueError, match="-1 EUR"):
        Money(-1, "EUR")
