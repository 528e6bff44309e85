"""Money: a whole number of minor units (cents, yen, fils) and an ISO 4217 code."""

from collections.abc import Iterable
from dataclasses import dataclass

from contexts.orders.domain.errors import InvalidMoney


@dataclass(frozen=True)
class Money:
    """An amount in minor units (cents) of a currency, given as three capital letters. Raises InvalidMoney."""

    amount: int
    currency: str

    def __post_init__(self) -> None:
        if isinstance(self.amount, bool) or not isinstance(self.amount, int) or self.amount < 0:
            raise InvalidMoney(f"amount: expected a whole number of minor units from 0, got {self.amount!r}")
        if not (len(self.currency) == 3 and self.currency.isascii() and self.currency.isupper()):  # noqa: PLR2004
            raise InvalidMoney(f"currency: expected an ISO 4217 code such as EUR, got {self.currency!r}")

    def times(self, quantity: int) -> "Money":
        return Money(self.amount * quantity, self.currency)


def total_of(amounts: Iterable[Money]) -> Money:
    """Return the sum of at least one amount, all in one currency. Raises InvalidMoney."""
    listed = list(amounts)
    currencies = {money.currency for money in listed}
    if len(currencies) != 1:
        raise InvalidMoney(f"currency: expected one currency for the whole order, got {sorted(currencies) or 'none'}")
    return Money(sum(money.amount for money in listed), currencies.pop())
