"""The quota file: what AWS, or a setting of ours, allows, what happens beyond it and what to do about it."""

import tomllib
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, HttpUrl, ValidationError, model_validator

from takeaway.costs.prices import InvalidFile

QUOTAS = Path(__file__).with_name("quotas.toml")


class Quota(BaseModel):
    """`measure` names what is counted against it; the limit is `value`, or what the templates have for `setting`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    service: str
    says: str
    measure: str
    value: Decimal | None = Field(default=None, gt=0)
    setting: str | None = None
    raised: str
    then: str
    do: str
    source: HttpUrl

    @model_validator(mode="after")
    def _has_one_limit(self) -> "Quota":
        if (self.value is None) == (self.setting is None):
            raise ValueError("expected either a value or a setting")
        return self


class Quotas(BaseModel):
    """Those of one region on one day."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    date: date
    region: str
    quotas: dict[str, Quota]


@cache
def quotas(file: Path = QUOTAS) -> Quotas:
    """Raises InvalidFile."""
    try:
        return Quotas.model_validate(tomllib.loads(file.read_text(encoding="utf-8"), parse_float=Decimal))
    except ValidationError as error:
        raise InvalidFile.of(file, error) from None
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise InvalidFile(f"{file.name}: {error}") from None
