"""Write amounts of money for people."""

from decimal import Decimal


def shown(amount: int, currency: str) -> str:
    """Write an amount in minor units with its currency's digits: 12.50 EUR, 1,280 JPY, 0.950 KWD."""
    from iso4217 import Currency  # noqa: PLC0415 - its table takes longer to read than most commands to start

    digits = Currency(currency).exponent or 0
    return f"{Decimal(amount).scaleb(-digits):,.{digits}f} {currency}"
