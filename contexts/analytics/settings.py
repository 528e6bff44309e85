"""The typed settings of the ingesting function."""

from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict, Field


class Settings(BaseModel):
    """Read from the environment. A missing or empty value is an error that names it, and quotes no other."""

    model_config = ConfigDict(extra="ignore", frozen=True, hide_input_in_errors=True)

    lake_bucket: str = Field(alias="LAKE_BUCKET", min_length=1)

    @classmethod
    def read(cls, environment: Mapping[str, str]) -> "Settings":
        return cls.model_validate(dict(environment))
