"""Every field of an event by its dotted path, so that tests and docs can compare what is published and what is read."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from shared.schema_tools import schema
from shared.schema_tools.keywords import written_out


@dataclass(frozen=True)
class Field:
    """One field of `detail`, such as "data.total.amount"; items of a list are written "data.items[].name"."""

    path: str
    required: bool  # itself and everything above it
    personal: bool
    schema: dict[str, Any]


def fields(event_type: str, version: int = 1, source: str | None = None) -> dict[str, Field]:
    """Return all fields of an event's `detail` by path, in the order of its schema. Raises UnknownEvent."""
    return fields_of(schema(event_type, version, source))


def fields_of(schema: dict[str, Any]) -> dict[str, Field]:
    """Return all fields of a resolved schema by path."""
    found: dict[str, Field] = {}
    for field in _walk(schema, "", required=True):
        found.setdefault(field.path, field)
    return found


def personal_data(event_type: str, version: int = 1, source: str | None = None) -> set[str]:
    """Return the paths of the fields that are marked "x-personal-data", because they tell who the customer is."""
    return {path for path, field in fields(event_type, version, source).items() if field.personal}


def _walk(schema: dict[str, Any], above: str, *, required: bool) -> Iterator[Field]:
    for name, said in schema.get("properties", {}).items():
        found = written_out(said)
        path = f"{above}.{name}" if above else name
        here = required and name in schema.get("required", [])
        yield Field(path=path, required=here, personal=found.get("x-personal-data", False), schema=found)
        yield from _walk(found, path, required=here)
    if isinstance(schema.get("items"), dict):
        yield from _walk(schema["items"], f"{above}[]", required=required)
    for part in schema.get("allOf", ()):
        yield from _walk(written_out(part), above, required=required)
    for alternatives in (schema.get("anyOf", ()), schema.get("oneOf", ())):
        of = [written_out(each) for each in alternatives if written_out(each).get("type") != "null"]
        for each in of:  # with several alternatives, none of their fields is required
            yield from _walk(each, above, required=required and len(of) == 1)
