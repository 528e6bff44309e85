"""Make events that a publisher may write, from an example and its schema: consumers must be able to read all. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from shared.schema_tools.keywords import Schema, written_out
from takeaway.check.contracts.canonical import same


@dataclass(frozen=True)
class Probe:
    """An event for models to read: the example, or the example with one change at `path`, described by `what`."""

    event: dict[str, Any]
    path: str = ""
    what: str = ""


def probes(example: dict[str, Any], schema: Schema) -> list[Probe]:
    """Make the probes: the example, without each optional field, with each other value of an enum, and with nulls."""
    changed = _changed(written_out(schema), example["detail"], "")
    return [Probe(example), *(Probe({**example, "detail": detail}, path, what) for path, what, detail in changed)]


def _changed(schema: Schema, value: Any, path: str) -> Iterator[tuple[str, str, Any]]:
    yield from _other_values(schema, value, path)
    for name, said in schema.get("properties", {}).items() if isinstance(value, dict) else ():
        if name not in value:
            continue
        field = f"{path}.{name}" if path else name
        if name not in schema.get("required", ()):
            yield field, "missing", {key: each for key, each in value.items() if key != name}
        for where, what, inner in _changed(written_out(said), value[name], field):
            yield where, what, {**value, name: inner}
    if isinstance(value, list) and value:
        for where, what, inner in _changed(written_out(schema.get("items", True)), value[0], f"{path}[]"):
            yield where, what, [inner, *value[1:]]


def _other_values(schema: Schema, value: Any, path: str) -> Iterator[tuple[str, str, Any]]:
    types = schema.get("type", ())
    if "null" in ([types] if isinstance(types, str) else types) and value is not None:
        yield path, "null", None
    for other in schema.get("enum", ()):
        if not same(other, value) and other is not None:
            yield path, str(other), other
