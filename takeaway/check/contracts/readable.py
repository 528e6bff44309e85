"""Compare a published schema with that of a consumer's model, and find values that the model would refuse. Pure."""

from collections.abc import Iterator
from typing import Any

from shared.schema_tools.keywords import Schema, written_out
from takeaway.check.contracts.constraints import covers, listed

# The formats that pydantic checks, so that a text without them is refused.
DEMANDED = frozenset({"date-time", "date", "time", "duration", "uuid", "email", "uri", "ipv4", "ipv6"})
OF_VALUES = {bool: "boolean", int: "integer", float: "number", str: "string", list: "array", dict: "object"}


def differences(model: Any, published: Any, path: str, event: str) -> Iterator[tuple[str, str]]:
    """Yield each path at which the model expects another value than is published, with a description."""
    read, written = written_out(model), written_out(published)
    if said := _difference(read, written, path, event):
        yield path, said
    elif "items" in read and "array" in types_of(written):
        yield from differences(read["items"], written.get("items", True), f"{path}[]", event)


def _difference(model: Schema, published: Schema, path: str, event: str) -> str | None:
    read, written = types_of(model), types_of(published)
    if not covers(read, written):
        return f"reads {path} as {_words(read)}; {event} has {_words(written)}"
    taken, given = listed(model), listed(published)
    if taken is not None and (more := [value for value in given or ["anything"] if value not in taken]):
        return f"reads {path} as {_words(set(taken))}; {event} may have {_words(set(more))}"
    format_ = model.get("format")
    if format_ in DEMANDED and published.get("format") != format_ and given is None:
        return f"reads {path} as {format_}; {event} has {published.get('format') or _words(written)}"
    return None


def types_of(schema: Any) -> set[str]:
    """Return the JSON types that a schema allows; an empty set means any."""
    said = written_out(schema)
    if "type" in said:
        return {said["type"]} if isinstance(said["type"], str) else set(said["type"])
    if alternatives := said.get("anyOf") or said.get("oneOf"):
        types = [types_of(each) for each in alternatives]
        return set().union(*types) if all(types) else set()
    if "allOf" in said and len(said["allOf"]) == 1:
        return types_of(said["allOf"][0])
    values = [said["const"]] if "const" in said else said.get("enum", [])
    return {OF_VALUES.get(type(value), "null") for value in values}


def _words(these: set[str]) -> str:
    return " or ".join(sorted(these)) or "anything"
