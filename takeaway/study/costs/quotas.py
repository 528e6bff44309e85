"""Read quotas.toml: AWS's quotas and limits of ours, each with its source, and what to do when it breaks."""

from datetime import date as Day  # noqa: N812 - a field of the files is called date
from decimal import Decimal
from functools import cache
from pathlib import Path

from pydantic import Field, HttpUrl, model_validator

from takeaway.study.costs.figure_file import Figures, read

QUOTAS = Path(__file__).with_name("quotas.toml")


class NewAccount(Figures):
    """A new account's smaller quota. `value` is None if AWS publishes only that it is less, without a number.

    `source` is AWS's page on that day; `number_from` is another page that has the number.
    """

    date: Day
    value: Decimal | None = Field(default=None, gt=0)
    says: str
    source: HttpUrl
    number_from: HttpUrl | None = None


class Quota(Figures):
    """An AWS quota or a limit of ours. `measure` names the demand; the limit is `value`, or the templates' `setting`.

    `new_account` is None if new accounts have the same, as far as AWS documents it.
    """

    service: str
    says: str
    measure: str
    value: Decimal | None = Field(default=None, gt=0)
    setting: str | None = None
    raised: str
    then: str
    do: str
    source: HttpUrl
    new_account: NewAccount | None = None

    @property
    def name(self) -> str:
        return f"{self.service}: {self.says}"

    @model_validator(mode="after")
    def _has_one_limit(self) -> "Quota":
        if (self.value is None) == (self.setting is None):
            raise ValueError("expected either a value or a setting")
        new = self.new_account
        if new and (self.value is None or (new.value or 0) >= self.value):
            raise ValueError("expected of a new account less than the value")
        return self


class Quotas(Figures):
    """The quotas of one region on one day."""

    date: Day
    region: str
    quotas: dict[str, Quota]


@cache
def quotas(file: Path = QUOTAS) -> Quotas:
    """Read the file, once per process. Raises InvalidFile."""
    return read(Quotas, file)
