"""The typed settings of promotions: where its data is, who writes its e-mails, and the voucher policy."""

import tomllib
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Annotated

from iso4217 import Currency
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from contexts.promotions.domain.policy import Limits, VoucherPolicy

POLICY_FILE = Path(__file__).with_name("voucher_policy.toml")


class Settings(BaseModel):
    """Read from the environment. A missing or empty value is an error that names it, and quotes no other."""

    model_config = ConfigDict(extra="ignore", frozen=True, hide_input_in_errors=True)

    vouchers_table: str = Field(alias="VOUCHERS_TABLE", min_length=1)
    sender: str = Field(alias="SENDER", min_length=1)

    @classmethod
    def read(cls, environment: Mapping[str, str]) -> "Settings":
        return cls.model_validate(dict(environment))


def _iso_4217(code: str) -> str:
    return Currency(code).code  # raises ValueError for a code that is none


class _Limits(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    minimum_basket: int
    cap: int


class _PolicyFile(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    percent: int
    validity_days: int
    limits: dict[Annotated[str, AfterValidator(_iso_4217)], _Limits]


def voucher_policy(file: Path = POLICY_FILE) -> VoucherPolicy:
    """The policy that a file describes. Raises pydantic's ValidationError or InvalidPolicy, naming the value."""
    read = _PolicyFile.model_validate(tomllib.loads(file.read_text(encoding="utf-8")))
    return VoucherPolicy(
        percent=read.percent,
        validity=timedelta(days=read.validity_days),
        limits={currency: Limits(each.minimum_basket, each.cap) for currency, each in read.limits.items()},
    )
