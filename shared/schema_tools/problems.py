"""The faults of an event, field by field: which constraint of its schema refuses which value."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from shared.schema_tools import validator

if TYPE_CHECKING:
    from jsonschema import ValidationError


@dataclass(frozen=True, order=True)
class Problem:
    """A value that the schema refuses.

    `at` is its place ("data.items[0].quantity"), `by` the keyword of JSON Schema that refuses it.
    """

    at: str
    by: str
    message: str

    def __str__(self) -> str:
        return f"{self.at or 'detail'}: {self.message} ({self.by})"


def problems(
    detail: Any, event_type: str, version: int = 1, source: str | None = None, *, strict: bool = False
) -> list[Problem]:
    """Return everything that the schema refuses; `strict` is as in `validator`. Raises UnknownEvent."""
    errors = validator(event_type, version, source, strict=strict).iter_errors(detail)
    return sorted({problem for error in errors for problem in _problems(error)})


def _problems(error: "ValidationError") -> list[Problem]:
    above = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in error.absolute_path)
    by, present = str(error.validator), cast(Any, error.instance)
    if by == "required":
        missing = [name for name in cast(list[str], error.validator_value) if name not in present]
        return [Problem(f"{above}.{name}".lstrip("."), by, "is missing") for name in missing]
    if by == "additionalProperties":
        surplus = [name for name in present if name not in cast(dict[str, Any], error.schema)["properties"]]
        return [Problem(f"{above}.{name}".lstrip("."), by, "is not in the schema") for name in surplus]
    return [Problem(above.lstrip("."), by, error.message)]
