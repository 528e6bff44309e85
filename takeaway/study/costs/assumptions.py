"""Read the assumptions: values that can't be counted here, each with its reason, for users to replace."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path

from pydantic import Field, ValidationError, model_validator

from takeaway.errors import UsageError
from takeaway.facts import facts_of
from takeaway.study.costs.figure_file import Figures, read

ASSUMPTIONS = Path(__file__).with_name("assumptions.toml")


class Assumption(Figures):
    value: Decimal = Field(ge=0)
    why: str


class Assumptions(Figures):
    """The assumptions; `mix` has the share of orders that goes each way."""

    mix: dict[str, Decimal]
    values: dict[str, Assumption]

    @model_validator(mode="after")
    def _whole(self) -> "Assumptions":
        ways = facts_of("orders").ways
        if unknown := sorted(self.mix.keys() - ways.keys()):
            raise ValueError(f"mix: no such way: {', '.join(unknown)}; there are {', '.join(ways)}")
        if sum(self.mix.values()) != 1 or min(self.mix.values()) < 0:
            raise ValueError(f"mix: expected shares that add up to 1, got {sum(self.mix.values())}")
        return self

    def __getitem__(self, name: str) -> Decimal:
        return self.values[name].value

    def but(self, values: Mapping[str, str], mix: Mapping[str, str]) -> "Assumptions":
        """Return the assumptions with some values, and perhaps the mix, replaced. Raises UsageError."""
        if unknown := sorted(values.keys() - self.values.keys()):
            raise UsageError(f"--assume {unknown[0]}: expected one of {', '.join(self.values)}.")
        given = {
            name: Assumption(value=_number("--assume", name, each), why="as given") for name, each in values.items()
        }
        shares = {name: _number("--mix", name, each) for name, each in mix.items()}
        try:
            return Assumptions(mix=shares or self.mix, values={**self.values, **given})
        except ValidationError as error:
            raise UsageError(f"{error.errors()[0]['msg'].removeprefix('Value error, ')}.") from None


@cache
def assumptions(file: Path = ASSUMPTIONS) -> Assumptions:
    """Read the file, once per process. Raises InvalidFile."""
    return read(Assumptions, file)


def _number(option: str, name: str, text: str) -> Decimal:
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal(-1)
    if not number.is_finite() or number < 0:
        raise UsageError(f"{option} {name}: expected a number from 0, got {text!r}.")
    return number
