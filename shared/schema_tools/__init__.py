"""Finds, reads and checks the schemas of `shared/schemas`, for tests, tools and templates; no function carries it."""

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from shared.schema_tools.references import resolved

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator

SOURCE = "takeaway.orders"  # whose events are meant where no source is said
FOLDER = Path(__file__).parents[1] / "schemas" / SOURCE  # beside those of other sources
EVENT_TYPES = (
    "order_placed",
    "restaurant_notified",
    "order_accepted",
    "user_notified",
    "order_completed",
    "order_rejected",
    "order_expired",
    "order_cancelled",
    "order_timed_out",
    "order_failed",
)
FILE = re.compile(r"(?P<name>[a-z][a-z0-9_]*)\.v(?P<version>[1-9]\d*)\.schema\.json")
DEFINITIONS = "common"  # files of this name hold what events have in common, and are no event


class UnknownEvent(LookupError):
    """No schema, or no example, is published for that event type and version."""


def name_of(event_type: str, version: int, source: str = SOURCE) -> str:
    """What identifies an event everywhere, "takeaway.orders@order_completed.v1": two sources may share a name.

    It is the form in which EventBridge's schema registry names what it finds on a bus.
    """
    return f"{source}@{event_type}.v{version}"


def file_of(event_type: str, version: int) -> str:
    return f"{event_type}.v{version}.schema.json"


def events(source: str = SOURCE) -> list[tuple[str, int]]:
    """Every event and version that there is a schema for, as `load` takes them, in the order of an order's life."""
    files = (FILE.fullmatch(path.name) for path in (FOLDER.parent / source).iterdir())
    found = {(file["name"], int(file["version"])) for file in files if file and file["name"] != DEFINITIONS}
    life = {event_type: place for place, event_type in enumerate(EVENT_TYPES)}
    return sorted(found, key=lambda event: (life.get(event[0], len(life)), event))


def load(event_type: str, version: int = 1, source: str = SOURCE) -> dict[str, Any]:
    """The JSON Schema of an event's whole `detail`. Raises UnknownEvent."""
    loaded: dict[str, Any] = document(file_of(event_type, version), source)
    return loaded


def schema(event_type: str, version: int = 1, source: str = SOURCE) -> dict[str, Any]:
    """The same in one piece, its references followed. Raises UnknownEvent."""
    return resolved(file_of(event_type, version), lambda file: document(file, source))


def example(event_type: str, version: int = 1, source: str = SOURCE) -> dict[str, Any]:
    """A whole EventBridge event, as a subscriber gets it. Raises UnknownEvent."""
    event: dict[str, Any] = document(f"examples/{event_type}.v{version}.json", source)
    return event


def validator(event_type: str, version: int = 1, *, strict: bool = False) -> "Draft202012Validator":
    """Validates a `detail`, formats included.

    Whoever reads an event ignores fields that he does not know; `strict` is for its publisher, who sends no others.
    """
    # slow to import: whoever only reads the files does without.
    from jsonschema import Draft202012Validator  # noqa: PLC0415

    whole = schema(event_type, version)
    return Draft202012Validator(closed(whole) if strict else whole, format_checker=Draft202012Validator.FORMAT_CHECKER)


def closed(schema: Any) -> Any:
    """A schema whose references are followed, as its publisher is held to it: without fields that are not declared."""
    if isinstance(schema, bool):
        return schema
    said = dict(schema)
    if "properties" in schema:
        said["properties"] = {name: closed(field) for name, field in schema["properties"].items()}
        said["additionalProperties"] = False
    if "items" in schema:
        said["items"] = closed(schema["items"])
    return said


def document(name: str, source: str = SOURCE) -> Any:
    """The JSON of a file of a source's folder. Raises UnknownEvent."""
    try:
        return json.loads((FOLDER.parent / source / name).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise UnknownEvent(f"{source} publishes no {name}") from None
