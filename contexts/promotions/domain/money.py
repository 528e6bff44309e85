"""Money in whole minor units, so that no currency needs a rule of its own."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in minor units (950 is 9.50 EUR, 950 JPY, 0.950 KWD) of one ISO 4217 currency."""

    amount: int
    currency: str

    def __post_init__(self) -> None:
        if self.amount < 0:
            raise ValueError(f"money is never negative: {self.amount} {self.currency}")

    def percent(self, percent: int) -> "Money":
        """Return that part of the amount, rounded down to a whole minor unit."""
        return Money(self.amount * percent // 100, self.currency)

    def at_most(self, amount: int) -> "Money":
        return Money(min(self.amount, amount), self.currency)
