"""The published language of each context, as files; this module finds them for tests and tools, not for functions."""

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from shared.schemas.references import resolved

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator

SOURCE = "takeaway.orders"
FOLDER = Path(__file__).parent / SOURCE
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


def events() -> list[tuple[str, int]]:
    """Every event and version that there is a schema for, as `load` takes them, in the order of an order's life."""
    files = (FILE.fullmatch(path.name) for path in FOLDER.iterdir())
    found = {(file["name"], int(file["version"])) for file in files if file and file["name"] != DEFINITIONS}
    life = {event_type: place for place, event_type in enumerate(EVENT_TYPES)}
    return sorted(found, key=lambda event: (life.get(event[0], len(life)), event))


def load(event_type: str, version: int = 1) -> dict[str, Any]:
    """The JSON Schema of an event's whole `detail`. Raises UnknownEvent."""
    loaded: dict[str, Any] = document(f"{event_type}.v{version}.schema.json")
    return loaded


def schema(event_type: str, version: int = 1) -> dict[str, Any]:
    """The same in one piece, its references followed. Raises UnknownEvent."""
    return resolved(f"{event_type}.v{version}.schema.json", document)


def example(event_type: str, version: int = 1) -> dict[str, Any]:
    """A whole EventBridge event, as a subscriber gets it. Raises UnknownEvent."""
    event: dict[str, Any] = document(f"examples/{event_type}.v{version}.json")
    return event


def validator(event_type: str, version: int = 1, *, strict: bool = False) -> "Draft202012Validator":
    """Validates a `detail`, formats included.

    Whoever reads an event ignores fields that he does not know; `strict` is for its publisher, who sends no others.
    """
    # jsonschema serves development only: reading the files must work without it.
    from jsonschema import Draft202012Validator  # noqa: PLC0415

    whole = schema(event_type, version)
    return Draft202012Validator(_closed(whole) if strict else whole, format_checker=Draft202012Validator.FORMAT_CHECKER)


def _closed(schema: dict[str, Any]) -> dict[str, Any]:
    closed = dict(schema)
    if "properties" in schema:
        closed["properties"] = {name: _closed(field) for name, field in schema["properties"].items()}
        closed["additionalProperties"] = False
    if "items" in schema:
        closed["items"] = _closed(schema["items"])
    return closed


def document(name: str) -> Any:
    """The JSON of a file of the folder. Raises UnknownEvent."""
    try:
        return json.loads((FOLDER / name).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise UnknownEvent(f"{SOURCE} publishes no {name}") from None
