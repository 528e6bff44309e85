"""Every field of an event by its dotted path, so that tests and docs can compare what is published and what is read."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from shared.schemas import load


@dataclass(frozen=True)
class Field:
    """One field of `detail`: "data.total.amount"; items of a list are written "data.items[].name"."""

    path: str
    required: bool  # itself and everything above it
    personal: bool
    schema: dict[str, Any]


def fields(event_type: str, version: int = 1) -> dict[str, Field]:
    """All fields of an event's `detail`, in the order of its schema."""
    common = load("common", version)
    return {field.path: field for field in _walk(load(event_type, version), "", common, required=True)}


def personal_data(event_type: str, version: int = 1) -> set[str]:
    """The paths whose values say who the customer is."""
    return {path for path, field in fields(event_type, version).items() if field.personal}


def _walk(schema: dict[str, Any], above: str, common: dict[str, Any], *, required: bool) -> Iterator[Field]:
    for name, declared in schema.get("properties", {}).items():
        found = _resolved(declared, common)
        path = f"{above}.{name}" if above else name
        here = required and name in schema.get("required", [])
        yield Field(path=path, required=here, personal=found.get("x-personal-data", False), schema=found)
        if "items" in found:
            yield from _walk(_resolved(found["items"], common), f"{path}[]", common, required=here)
        yield from _walk(found, path, common, required=here)


def _resolved(schema: dict[str, Any], common: dict[str, Any]) -> dict[str, Any]:
    """The schema with its reference followed; what stands beside the reference (a closer description) wins."""
    reference = schema.get("$ref")
    if reference is None:
        return schema
    target = common["$defs"][reference.rpartition("/")[2]]
    return _resolved(target, common) | {key: value for key, value in schema.items() if key != "$ref"}
