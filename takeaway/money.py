"""Amounts as people write them."""

from decimal import Decimal

from iso4217 import Currency


def shown(amount: int, currency: str) -> str:
    """With the digits of its currency: 12.50 EUR, 1,280 JPY, 0.950 KWD."""
    digits = Currency(currency).exponent or 0
    return f"{Decimal(amount).scaleb(-digits):,.{digits}f} {currency}"
