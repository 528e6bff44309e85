"""Rewards: a part of the basket, or a fixed amount. Both are in minor units of the basket's currency."""

from dataclasses import dataclass
from typing import Protocol

from contexts.promotions.domain.money import Money


class InvalidPolicy(ValueError):
    """A policy that could never do what it says. The message names the wrong value and what was expected."""

    def __init__(self, key: str, expected: str) -> None:
        super().__init__(f"{key}: {expected}")


class Reward(Protocol):
    """A reward in one currency. It is given for baskets in that currency only, because nothing is ever converted."""

    @property
    def minimum_basket(self) -> int: ...

    @property
    def best_basket(self) -> int:
        """The smallest basket for which the reward is worth the most."""
        ...

    def value(self, basket: Money) -> Money:
        """Return the reward's worth for a basket that reaches the minimum."""
        ...


@dataclass(frozen=True, slots=True)
class PartOfBasket:
    """`percent` of the basket, rounded down, and never more than `cap`."""

    minimum_basket: int
    percent: int
    cap: int

    def __post_init__(self) -> None:
        if not 1 <= self.percent <= 100:  # noqa: PLR2004
            raise InvalidPolicy("percent", f"expected 1 to 100, got {self.percent}")
        if self.cap < 1:
            raise InvalidPolicy("cap", "expected more than 0")
        if self.minimum_basket * self.percent < 100:  # noqa: PLR2004
            raise InvalidPolicy("minimum_basket", f"expected more, {self.percent} % of it rounds to nothing")

    @property
    def best_basket(self) -> int:
        return max(self.minimum_basket, -(-self.cap * 100 // self.percent))

    def value(self, basket: Money) -> Money:
        return basket.percent(self.percent).at_most(self.cap)


@dataclass(frozen=True, slots=True)
class FixedAmount:
    """The same amount for every basket.

    It is never more than the minimum basket, so no order earns more than it cost.
    """

    minimum_basket: int
    amount: int

    def __post_init__(self) -> None:
        if self.amount < 1:
            raise InvalidPolicy("amount", "expected more than 0")
        if self.amount > self.minimum_basket:
            raise InvalidPolicy("amount", "expected no more than minimum_basket: no order earns more than it cost")

    @property
    def best_basket(self) -> int:
        return self.minimum_basket

    def value(self, basket: Money) -> Money:
        return Money(self.amount, basket.currency)
