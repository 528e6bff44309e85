"""The published language of each context, as files; this module finds them for tests and tools, not for functions."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

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


class UnknownEvent(LookupError):
    """No schema, or no example, is published for that event type and version."""


def load(event_type: str, version: int = 1) -> dict[str, Any]:
    """The JSON Schema of an event's whole `detail`. Raises UnknownEvent."""
    return _read(f"{event_type}.v{version}.schema.json")


def example(event_type: str, version: int = 1) -> dict[str, Any]:
    """A whole EventBridge event, as a subscriber gets it. Raises UnknownEvent."""
    return _read(f"examples/{event_type}.v{version}.json")


def validator(event_type: str, version: int = 1) -> "Draft202012Validator":
    """Validates a `detail`, formats included; references to common definitions are found without a network."""
    # jsonschema serves development only: reading the files must work without it.
    from jsonschema import Draft202012Validator  # noqa: PLC0415
    from referencing import Registry, Resource  # noqa: PLC0415

    common: Resource[Any] = Resource.from_contents(load("common", version))
    registry: Registry[Any] = common @ Registry()
    return Draft202012Validator(
        load(event_type, version), registry=registry, format_checker=Draft202012Validator.FORMAT_CHECKER
    )


def _read(name: str) -> dict[str, Any]:
    try:
        document: dict[str, Any] = json.loads((FOLDER / name).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise UnknownEvent(f"{SOURCE} publishes no {name}") from None
    return document
