"""The price file, and what counted units cost at its prices."""

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
    """What a unit costs of those beyond the first `units` of a month."""

    units: Decimal = Field(gt=0)
    amount: Decimal = Field(ge=0)


class Price(Figures):
    """`amount` is for `per` units; `beyond` has what is cheaper by the quantity, `free` what is not deducted here."""

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
        for tier in self.beyond:  # what is beyond it is cheaper by the difference
            amount += max(quantity - tier.units, Decimal(0)) * (tier.amount - before)
            before = tier.amount
        return amount / self.per


class Prices(Figures):
    """Those of one region on one day, by the name of the unit."""

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
    """Raises InvalidFile."""
    return read(Prices, file)


def priced(units: Units, at: Prices) -> tuple[Item, ...]:
    """The bill for these units, dearest line first. Tiers count as if they were all of the month's."""
    lines = [
        Item(unit=name, service=price.service, says=price.says, quantity=quantity, amount=price.of(quantity))
        for name, quantity in units.counted().items()
        for price in (at.prices[name],)
    ]
    return tuple(sorted(lines, key=lambda line: -line.amount))


def total(items: Iterable[Item], service: str | None = None) -> Decimal:
    """The amount of all lines, or of those of one service; not rounded."""
    return sum((item.amount for item in items if service in (None, item.service)), Decimal(0))
