"""Files of figures: TOML with exact decimals, read into the model that says what has to be in them."""

import tomllib
from decimal import Decimal
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from takeaway.errors import TakeawayError

Model = TypeVar("Model", bound="Figures")


class Figures(BaseModel):
    """What a part of such a file holds: no field more than are declared."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class InvalidFile(TakeawayError):
    """A file of figures is not what it has to be; the message names file, field and what was expected."""


def read(model: type[Model], file: Path) -> Model:
    """Raises InvalidFile."""
    try:
        return model.model_validate(tomllib.loads(file.read_text(encoding="utf-8"), parse_float=Decimal))
    except ValidationError as error:
        problems = [f"{'.'.join(map(str, each['loc'])) or 'file'}: {each['msg']}" for each in error.errors()]
        raise InvalidFile(f"{file.name}: {'; '.join(problems)}") from None
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise InvalidFile(f"{file.name}: {error}") from None
