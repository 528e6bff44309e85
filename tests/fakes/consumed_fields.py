"""Which fields a consumer's model declares, as paths that can be held against the publisher's schema."""

from collections.abc import Iterator
from typing import Any, get_args

from pydantic import BaseModel


def declared(model: type[BaseModel], above: str = "") -> set[str]:
    """The paths of all fields, "data.total.amount" say, that the model cannot be read without."""
    return set(_walk(model, above))


def _walk(model: type[BaseModel], above: str) -> Iterator[str]:
    for name, field in model.model_fields.items():
        path = f"{above}.{field.alias or name}".lstrip(".")
        yield path
        for nested, suffix in _nested(field.annotation):
            yield from _walk(nested, path + suffix)


def _nested(annotation: Any) -> Iterator[tuple[type[BaseModel], str]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation, ""
    for argument in get_args(annotation):
        yield from ((nested, "[]" + suffix) for nested, suffix in _nested(argument))
