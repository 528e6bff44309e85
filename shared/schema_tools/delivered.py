"""The schema of a whole event as a subscriber gets it: the bus's own envelope around the `detail` of a context."""

from typing import Any

Schema = dict[str, Any]


def delivered(event_type: str, version: int, source: str, detail: Schema) -> Schema:
    """Return the schema of the whole event; `detail` is the schema of its detail, or a reference to it."""
    return {
        "title": f"{event_type}, version {version}, as the bus delivers it",
        "type": "object",
        "required": ["version", "id", "detail-type", "source", "account", "time", "region", "resources", "detail"],
        "properties": {
            "version": {"type": "string", "description": "The version of EventBridge's envelope, not of the event."},
            "id": {"type": "string", "description": "The delivery's id. Deduplicate by detail.metadata.event_id."},
            "detail-type": {"type": "string", "const": event_type},
            "source": {"type": "string", "const": source},
            "account": {"type": "string", "description": "The AWS account of the publisher."},
            "time": {"type": "string", "format": "date-time", "description": "When it was published, to the second."},
            "region": {"type": "string"},
            "resources": {"type": "array", "items": {"type": "string"}},
            "detail": detail,
        },
    }
