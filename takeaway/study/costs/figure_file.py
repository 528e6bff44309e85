"""Read files of figures: TOML with exact decimals, checked by a pydantic model."""

import tomllib
from decimal import Decimal
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from takeaway.errors import TakeawayError

Model = TypeVar("Model", bound="Figures")


class Figures(BaseModel):
    """The base of a file's models; fields that are not declared are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class InvalidFile(TakeawayError):
    """Raised for a wrong file of figures; the message names file, field and what was expected."""


def read(model: type[Model], file: Path) -> Model:
    """Read a file into a model. Raises InvalidFile."""
    try:
        return model.model_validate(tomllib.loads(file.read_text(encoding="utf-8"), parse_float=Decimal))
    except ValidationError as error:
        problems = [f"{'.'.join(map(str, each['loc'])) or 'file'}: {each['msg']}" for each in error.errors()]
        raise InvalidFile(f"{file.name}: {'; '.join(problems)}") from None
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise InvalidFile(f"{file.name}: {error}") from None
