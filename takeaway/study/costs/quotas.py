"""The quota file: what AWS, or a setting of ours, allows, what happens beyond it and what to do about it."""

from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

from pydantic import Field, HttpUrl, model_validator

from takeaway.study.costs.figure_file import Figures, read

QUOTAS = Path(__file__).with_name("quotas.toml")


class Quota(Figures):
    """`measure` names what is counted against it; the limit is `value`, or what the templates have for `setting`."""

    service: str
    says: str
    measure: str
    value: Decimal | None = Field(default=None, gt=0)
    setting: str | None = None
    raised: str
    then: str
    do: str
    source: HttpUrl

    @property
    def name(self) -> str:
        return f"{self.service}: {self.says}"

    @model_validator(mode="after")
    def _has_one_limit(self) -> "Quota":
        if (self.value is None) == (self.setting is None):
            raise ValueError("expected either a value or a setting")
        return self


class Quotas(Figures):
    """Those of one region on one day."""

    date: date
    region: str
    quotas: dict[str, Quota]


@cache
def quotas(file: Path = QUOTAS) -> Quotas:
    """Raises InvalidFile."""
    return read(Quotas, file)
