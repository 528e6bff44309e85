"""Finds, reads and checks the schemas of `shared/schemas`, for tests, tools and templates; no function carries it."""

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator

FOLDER = Path(__file__).parents[1] / "schemas"  # each folder in it with schemas is a publisher
FILE = re.compile(r"(?P<name>[a-z][a-z0-9_]*)\.v(?P<version>[1-9]\d*)\.schema\.json")
DEFINITIONS = "common"  # files of this name have definitions that events share, and are no event


class UnknownEvent(LookupError):
    """No schema or no example is published for that event, or several sources publish one of that name."""


def sources() -> tuple[str, ...]:
    """Return the publishers, by the names of their sources on the bus, such as "takeaway.orders"."""
    return tuple(sorted(path.name for path in FOLDER.iterdir() if any(path.glob("*.schema.json"))))


def context_of(source: str) -> str:
    """Return the context of a source; `takeaway doctor` checks that each context publishes as `takeaway.<context>`."""
    return source.rpartition(".")[2]


def events(*of: str) -> list[tuple[str, int, str]]:
    """Return every event of some sources, or of all: type, version and source, as `load` and the others take them."""
    files = [(FILE.fullmatch(path.name), source) for source in of or sources() for path in (FOLDER / source).iterdir()]
    found = {(source, file["name"], int(file["version"])) for file, source in files if file}
    return [(name, version, source) for source, name, version in sorted(found) if name != DEFINITIONS]


def event_types(*of: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(event_type for event_type, _, _ in events(*of)))


def source_of(event: str) -> str:
    """Return the source of "order_completed", or of "takeaway.orders@order_completed" if several have that name.

    Raises UnknownEvent.
    """
    named, _, event_type = event.rpartition("@")
    found = [source for source in sources() if named in ("", source) and event_type in event_types(source)]
    if len(found) > 1:
        raise UnknownEvent(f"{' and '.join(found)} publish {event}: expected its source too, {found[0]}@{event}")
    if not found:
        raise UnknownEvent(f"nobody publishes {event}: expected one of {', '.join(event_types())}")
    return found[0]


def name_of(event_type: str, version: int, source: str) -> str:
    """Return the full name of an event, "takeaway.orders@order_completed.v1", because two sources may share a type.

    EventBridge's schema registry names the events that it finds on a bus in the same way.
    """
    return f"{source}@{event_type}.v{version}"


def file_of(event_type: str, version: int) -> str:
    return f"{event_type}.v{version}.schema.json"


def load(event_type: str, version: int = 1, source: str | None = None) -> dict[str, Any]:
    """Return the JSON Schema of an event's whole `detail`, as its file has it.

    `source` may be left out unless several sources have an event of that type. Raises UnknownEvent.
    """
    loaded: dict[str, Any] = document(file_of(event_type, version), source or source_of(event_type))
    return loaded


def schema(event_type: str, version: int = 1, source: str | None = None) -> dict[str, Any]:
    """Return the same schema in one piece, with its references resolved. Raises UnknownEvent."""
    from shared.schema_tools.references import resolved  # noqa: PLC0415 - slow too, because of what it resolves with

    beside = source or source_of(event_type)
    return resolved(file_of(event_type, version), lambda file: document(file, beside))


def example(event_type: str, version: int = 1, source: str | None = None) -> dict[str, Any]:
    """Return a whole EventBridge event, as a subscriber gets it. Raises UnknownEvent."""
    event: dict[str, Any] = document(f"examples/{event_type}.v{version}.json", source or source_of(event_type))
    return event


def validator(
    event_type: str, version: int = 1, source: str | None = None, *, strict: bool = False
) -> "Draft202012Validator":
    """Return a validator of a `detail`, formats included.

    Consumers ignore fields that they do not know; `strict` is for the publisher, who must send no others.
    """
    # imported here because it is slow, and many callers only read the files
    from jsonschema import Draft202012Validator  # noqa: PLC0415

    whole = schema(event_type, version, source)
    return Draft202012Validator(closed(whole) if strict else whole, format_checker=Draft202012Validator.FORMAT_CHECKER)


def closed(schema: Any) -> Any:
    """Return a resolved schema that refuses undeclared fields, to check a publisher with."""
    if isinstance(schema, bool):
        return schema
    said = dict(schema)
    if "properties" in schema:
        said["properties"] = {name: closed(field) for name, field in schema["properties"].items()}
        said["additionalProperties"] = False
    if "items" in schema:
        said["items"] = closed(schema["items"])
    return said


def document(name: str, source: str) -> Any:
    """Return the JSON of a file in a source's folder. Raises UnknownEvent."""
    try:
        return json.loads((FOLDER / source / name).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise UnknownEvent(f"{source} publishes no {name}") from None
