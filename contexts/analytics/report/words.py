"""Figures as people write them."""

from decimal import Decimal

from iso4217 import Currency

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MINUTE = 60


def digits(currency: str) -> int:
    """How many digits of an amount are its minor units; a currency that ISO 4217 does not know has none."""
    try:
        return Currency(currency).exponent or 0
    except ValueError:
        return 0


def money(amount: float, currency: str) -> str:
    """With the digits of its currency: 12.50 EUR, 1,280 JPY, 0.950 KWD."""
    scale = digits(currency)
    return f"{Decimal(amount).scaleb(-scale):,.{scale}f} {currency}"


def big_money(amount: float, currency: str) -> str:
    """Without the small change: 12,345 EUR."""
    return f"{Decimal(amount).scaleb(-digits(currency)):,.0f} {currency}"


def duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), MINUTE)
    if minutes >= MINUTE:
        return f"{minutes // MINUTE} h {minutes % MINUTE} min"
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


def share(part: int, whole: int) -> str:
    """A percentage that says neither 0 nor 100 of what is a little more or less."""
    if not whole:
        return "–"
    percent = 100 * part / whole
    if part and percent < 0.1:  # noqa: PLR2004 - what one digit can show
        return "< 0.1 %"
    return f"{min(percent, 99.9) if part < whole else percent:.1f} %".replace("100.0 %", "100 %")
