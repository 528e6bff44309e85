"""The typed settings of promotions: where its data is and who writes its e-mails; beside it, the voucher policy."""

from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict, Field


class Settings(BaseModel):
    """Read from the environment. A missing or empty value is an error that names it, and quotes no other."""

    model_config = ConfigDict(extra="ignore", frozen=True, hide_input_in_errors=True)

    vouchers_table: str = Field(alias="VOUCHERS_TABLE", min_length=1)
    loyalty_table: str = Field(alias="LOYALTY_TABLE", min_length=1)
    sender: str = Field(alias="SENDER", min_length=1)

    @classmethod
    def read(cls, environment: Mapping[str, str]) -> "Settings":
        return cls.model_validate(dict(environment))
