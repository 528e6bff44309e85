"""Figures as people write them."""

from decimal import Decimal

from iso4217 import Currency

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MINUTE = 60


def digits(currency: str) -> int:
    """Return how many decimals a currency has; 0 for one that ISO 4217 does not know."""
    try:
        return Currency(currency).exponent or 0
    except ValueError:
        return 0


def money(amount: float, currency: str) -> str:
    """Format an amount in minor units with its currency's decimals: 12.50 EUR, 1,280 JPY, 0.950 KWD."""
    scale = digits(currency)
    return f"{Decimal(amount).scaleb(-scale):,.{scale}f} {currency}"


def big_money(amount: float, currency: str) -> str:
    """Format an amount in minor units without decimals: 12,345 EUR."""
    return f"{Decimal(amount).scaleb(-digits(currency)):,.0f} {currency}"


def duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), MINUTE)
    if minutes >= MINUTE:
        return f"{minutes // MINUTE} h {minutes % MINUTE} min"
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


def share(part: int, whole: int) -> str:
    """Format a part of a whole as a percentage.

    It never says 0 % or 100 % of something that is a little more or less.
    """
    if not whole:
        return "–"
    percent = 100 * part / whole
    if part and percent < 0.1:  # noqa: PLR2004 - what one digit can show
        return "< 0.1 %"
    return f"{min(percent, 99.9) if part < whole else percent:.1f} %".replace("100.0 %", "100 %")
