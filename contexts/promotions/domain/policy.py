"""The voucher policy: the reward of every order, that of every n-th order of a customer, and how long vouchers last."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from contexts.promotions.domain.money import Money
from contexts.promotions.domain.reward import InvalidPolicy, Reward
from contexts.promotions.domain.voucher import CompletedOrder, NoVoucher

Rewards = Mapping[str, Reward]  # by currency


@dataclass(frozen=True, slots=True)
class Offer:
    """The value and the end of a voucher, before it has a code."""

    value: Money
    expires_at: datetime
    is_for_loyalty: bool = False


@dataclass(frozen=True)
class Loyalty:
    """The reward of a customer's n-th, 2n-th, 3n-th … completed order. Raises InvalidPolicy."""

    every: int
    rewards: Rewards

    def __post_init__(self) -> None:
        if self.every < 2:  # noqa: PLR2004
            raise InvalidPolicy("loyalty.every", f"expected 2 or more, got {self.every}")
        if not self.rewards:
            raise InvalidPolicy("loyalty.reward", "expected at least one currency")

    def is_due(self, number: int) -> bool:
        return number % self.every == 0


@dataclass(frozen=True)
class VoucherPolicy:
    """The rules by which an order earns a voucher. Raises InvalidPolicy if they could never apply.

    Validity runs from the order's completion, so a voucher that is issued late still expires at the same time. A loyal
    customer gets the reward that is worth more for this basket, so an n-th order never earns less than any other, even
    if its basket is below the minimum of the loyalty reward.
    """

    validity: timedelta
    every_order: Rewards = field(default_factory=dict)
    loyalty: Loyalty | None = None

    def __post_init__(self) -> None:
        if self.validity <= timedelta(0):
            raise InvalidPolicy("validity_days", f"expected 1 or more, got {self.validity.days}")
        if not self.every_order and self.loyalty is None:
            raise InvalidPolicy("every_order", "expected a currency here or in loyalty.reward")
        for currency, reward in (self.loyalty.rewards if self.loyalty else {}).items():
            ordinary = self.every_order.get(currency)
            if ordinary and not _is_ever_better(reward, ordinary, currency):
                raise InvalidPolicy(f"loyalty.reward.{currency}", "expected to beat every_order for some basket")

    def offer(self, order: CompletedOrder, *, number: int, now: datetime) -> Offer | NoVoucher:
        """Return what the order earns as the customer's `number`-th, or the reason why it earns nothing."""
        basket = order.total
        offered = list(self._offered(basket.currency, number))
        if not offered:
            return NoVoucher.CURRENCY_NOT_OFFERED
        values = [(_value(reward, basket), is_for_loyalty) for reward, is_for_loyalty in offered]
        best, is_for_loyalty = max(values)
        if best == 0:
            return NoVoucher.BELOW_MINIMUM_BASKET
        expires_at = order.completed_at + self.validity
        if now >= expires_at:
            return NoVoucher.TOO_LATE
        return Offer(Money(best, basket.currency), expires_at, is_for_loyalty)

    def _offered(self, currency: str, number: int) -> Iterator[tuple[Reward, bool]]:
        if currency in self.every_order:
            yield self.every_order[currency], False
        if self.loyalty and self.loyalty.is_due(number) and currency in self.loyalty.rewards:
            yield self.loyalty.rewards[currency], True


def _value(reward: Reward, basket: Money) -> int:
    return reward.value(basket).amount if basket.amount >= reward.minimum_basket else 0


def _is_ever_better(reward: Reward, than: Reward, currency: str) -> bool:
    """Tell whether a reward is worth more than another for some basket.

    It is enough to compare at the smallest basket that it is for, and at the one from which it is worth the most.
    """
    baskets = (Money(reward.minimum_basket, currency), Money(reward.best_basket, currency))
    return any(_value(reward, basket) > _value(than, basket) for basket in baskets)
