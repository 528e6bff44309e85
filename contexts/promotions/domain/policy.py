"""The voucher policy: a part of the basket, from a minimum basket on, up to a cap, for a time."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from contexts.promotions.domain.money import Money
from contexts.promotions.domain.voucher import CompletedOrder


class NoVoucher(StrEnum):
    """Why an order earns none. The business says no: that is an answer, not an error."""

    CURRENCY_NOT_OFFERED = "currency_not_offered"
    BELOW_MINIMUM_BASKET = "below_minimum_basket"
    TOO_LATE = "too_late"


class InvalidPolicy(ValueError):
    """A policy that could never do what it says; the message names the value."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The bounds of one currency, in its minor units. Nothing is converted: each currency has its own."""

    minimum_basket: int
    cap: int


@dataclass(frozen=True, slots=True)
class Offer:
    """What an order earns, before it has a code."""

    value: Money
    expires_at: datetime


@dataclass(frozen=True)
class VoucherPolicy:
    """`percent` of the basket in the currencies that have limits, valid for `validity` from the order's completion.

    Counting from the completion makes the answer depend on the order alone: an event delivered again after the
    voucher has expired and was forgotten earns no second one, however late it comes.
    """

    percent: int
    validity: timedelta
    limits: Mapping[str, Limits]

    def __post_init__(self) -> None:
        if not 1 <= self.percent <= 100:  # noqa: PLR2004
            raise InvalidPolicy(f"percent: expected 1 to 100, got {self.percent}")
        if self.validity <= timedelta(0):
            raise InvalidPolicy(f"validity: expected a time, got {self.validity}")
        for currency, limits in self.limits.items():
            if limits.cap < 1:
                raise InvalidPolicy(f"{currency}: a cap of {limits.cap} leaves no voucher")
            if Money(limits.minimum_basket, currency).percent(self.percent).amount < 1:
                raise InvalidPolicy(f"{currency}: {self.percent} % of {limits.minimum_basket} rounds to nothing")

    def offer(self, order: CompletedOrder, *, now: datetime) -> Offer | NoVoucher:
        """What the order earns."""
        limits = self.limits.get(order.total.currency)
        if limits is None:
            return NoVoucher.CURRENCY_NOT_OFFERED
        if order.total.amount < limits.minimum_basket:
            return NoVoucher.BELOW_MINIMUM_BASKET
        expires_at = order.completed_at + self.validity
        if now >= expires_at:
            return NoVoucher.TOO_LATE
        return Offer(value=order.total.percent(self.percent).at_most(limits.cap), expires_at=expires_at)
