"""Write the AsyncAPI 3 document of the bus: one channel, its senders and receivers, messages and schemas.

AsyncAPI has no binding for EventBridge, so a rule's pattern and its function are extensions.
"""

from typing import Any

from shared import schema_tools
from shared.schema_tools.bundle import bundled
from shared.schema_tools.delivered import delivered
from shared.schema_tools.fields import fields
from takeaway.study.docs.events.catalogue import Catalogue, Event
from takeaway.study.docs.text import written

HEAD = "# generated from the schemas, the workflow, the code and the templates: `make docs`, never by hand\n"
SCHEMAS = "#/components/schemas/"
WIDTH = 120

Node = dict[str, Any]


def document(catalogue: Catalogue) -> str:
    """Write the document as YAML."""
    import yaml  # noqa: PLC0415 - only installed for development

    return HEAD + yaml.safe_dump(tree(catalogue), sort_keys=False, allow_unicode=True, width=WIDTH)


def tree(catalogue: Catalogue) -> Node:
    """Build the document: operations from the template, then the messages and schemas that they refer to."""
    import yaml  # noqa: PLC0415 - only installed for development

    operations = written("asyncapi.yaml.jinja", catalogue=catalogue, any_stage=catalogue.any_stage)
    messages = {_name(event, version): _message(event, version) for event, version in catalogue.messages()}
    return {**yaml.safe_load(operations), "components": {"messages": messages, "schemas": _schemas(catalogue)}}


def _name(event: Event, version: int) -> str:
    """Name a message with its source, because two sources may have the same event name; @ is not allowed here."""
    return f"{event.source}.{event.type}.v{version}"


def _message(event: Event, version: int) -> Node:
    named = (event.type, version, event.source)
    message: Node = {
        "name": event.type,
        "title": f"{event.type}, version {version}",
        "summary": schema_tools.load(*named)["description"],
    }
    if correlation := fields(*named).get("metadata.correlation_id"):
        location = "$message.payload#/detail/metadata/correlation_id"
        message["correlationId"] = {"description": correlation.schema["description"], "location": location}
    return {
        **message,
        "payload": delivered(*named, {"$ref": f"{SCHEMAS}{_name(event, version)}"}),
        "examples": [{"name": _name(event, version), "payload": schema_tools.example(*named)}],
    }


def _schemas(catalogue: Catalogue) -> Node:
    """Return the `detail` schema of every event, then their common definitions."""
    details: Node = {}
    common: Node = {}
    for event, version in catalogue.messages():
        bundle = bundled(event.type, version, event.source, at=f"{SCHEMAS}{event.source}.")
        details[_name(event, version)] = bundle.schema
        common |= {f"{event.source}.{name}": schema for name, schema in bundle.definitions.items()}
    return {**details, **dict(sorted(common.items()))}
