"""Read the price file, and price counted units."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

from pydantic import Field, HttpUrl, model_validator

from takeaway.study.costs.figure_file import Figures, read
from takeaway.study.costs.units import Units

PRICES = Path(__file__).with_name("prices.toml")


class Tier(Figures):
    """The price of a unit beyond the first `units` of a month."""

    units: Decimal = Field(gt=0)
    amount: Decimal = Field(ge=0)


class Price(Figures):
    """A price. `amount` is for `per` units, `beyond` has cheaper tiers; `free` names a free tier, which is ignored."""

    service: str
    says: str
    amount: Decimal = Field(ge=0)
    per: Decimal = Field(default=Decimal(1), gt=0)
    beyond: tuple[Tier, ...] = ()
    free: str = ""
    source: HttpUrl

    @model_validator(mode="after")
    def _tiers_rise(self) -> "Price":
        limits = [tier.units for tier in self.beyond]
        if limits != sorted(set(limits)):
            raise ValueError("beyond: expected tiers that begin ever later")
        return self

    def of(self, quantity: Decimal) -> Decimal:
        amount, before = quantity * self.amount, self.amount
        for tier in self.beyond:  # units beyond it are cheaper by the difference
            amount += max(quantity - tier.units, Decimal(0)) * (tier.amount - before)
            before = tier.amount
        return amount / self.per


class Prices(Figures):
    """The prices of one region on one day, by unit."""

    date: date
    region: str
    currency: str
    prices: dict[str, Price]

    @model_validator(mode="after")
    def _one_for_each_unit(self) -> "Prices":
        units = Units.model_fields.keys()
        if missing := sorted(units - self.prices.keys()):
            raise ValueError(f"prices: expected one for each unit, none for {', '.join(missing)}")
        if unknown := sorted(self.prices.keys() - units):
            raise ValueError(f"prices: {', '.join(unknown)}: nothing is counted by that name")
        return self


class Item(Figures):
    """A line of the bill."""

    unit: str
    service: str
    says: str
    quantity: Decimal
    amount: Decimal


@cache
def prices(file: Path = PRICES) -> Prices:
    """Read the file, once per process. Raises InvalidFile."""
    return read(Prices, file)


def priced(units: Units, at: Prices) -> tuple[Item, ...]:
    """Price these units, dearest line first. Tiers are applied as if the units were all of the month's."""
    lines = [
        Item(unit=name, service=price.service, says=price.says, quantity=quantity, amount=price.of(quantity))
        for name, quantity in units.counted().items()
        for price in (at.prices[name],)
    ]
    return tuple(sorted(lines, key=lambda line: -line.amount))


def total(items: Iterable[Item], service: str | None = None) -> Decimal:
    """Add up the amounts of all lines, or of one service's; not rounded."""
    return sum((item.amount for item in items if service in (None, item.service)), Decimal(0))
