"""The AsyncAPI 3 document of the bus: one channel, who sends and who receives which messages, schemas included.

AsyncAPI has no binding for EventBridge, so what a rule matches, and which function is behind it, are extensions.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from shared import schema_tools
from shared.schema_tools.bundle import bundled
from shared.schema_tools.delivered import delivered
from shared.schema_tools.fields import Field, fields
from takeaway.docs.events.catalogue import Catalogue, Event
from takeaway.docs.events.rules import Rule

HEAD = "# generated from the schemas, the workflow, the code and the templates: `make docs`, never by hand\n"
VERSION = "3.0.0"
SCHEMAS = "#/components/schemas/"
CHANNEL = "#/channels/bus"
WIDTH = 120
ABOUT = (
    "What bounded contexts tell each other: each publishes what has happened in it; others subscribe, with a rule and "
    "a queue of their own. One document for the whole bus: an operation is tagged with the context whose it is."
)

Node = dict[str, Any]


def document(catalogue: Catalogue) -> str:
    """The document as YAML."""
    import yaml  # noqa: PLC0415 - serves development only

    return HEAD + yaml.safe_dump(tree(catalogue), sort_keys=False, allow_unicode=True, width=WIDTH)


def tree(catalogue: Catalogue) -> Node:
    messages = {_name(event, version): _message(event, version) for event, version in catalogue.messages()}
    return {
        "asyncapi": VERSION,
        "info": {
            "title": "Takeaway events",
            "version": "1.0.0",
            "description": ABOUT,
            "license": {"name": "MIT"},
        },
        "defaultContentType": "application/json",
        "servers": {
            "eventbridge": {
                "host": "events.{region}.amazonaws.com",
                "protocol": "eventbridge",
                "description": "Amazon EventBridge, or an engine that speaks its API.",
                "variables": {"region": {"default": "eu-central-1", "description": "Where the bus is deployed."}},
            }
        },
        "channels": {
            "bus": {
                "address": catalogue.any_stage(catalogue.bus, "{stage}"),
                "title": "The shared bus",
                "description": "At least once, in no promised order: deduplicate by detail.metadata.event_id.",
                "servers": [{"$ref": "#/servers/eventbridge"}],
                "parameters": {"stage": {"description": "The deployment that the bus belongs to.", "default": "dev"}},
                "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in messages},
            }
        },
        "operations": dict([*map(_sent, catalogue.events), *_received(catalogue)]),
        "components": {"messages": messages, "schemas": _schemas(catalogue)},
    }


def _name(event: Event, version: int) -> str:
    """Two sources may have events of one name, and definitions, too. An @ is not allowed here."""
    return f"{event.source}.{event.type}.v{version}"


def _in_the_channel(messages: Iterable[tuple[Event, int]]) -> list[Node]:
    return [{"$ref": f"{CHANNEL}/messages/{_name(*message)}"} for message in messages]


def _message(event: Event, version: int) -> Node:
    named = (event.type, version, event.source)
    correlation = fields(*named).get("metadata.correlation_id")
    return {
        "name": event.type,
        "title": f"{event.type}, version {version}",
        "summary": schema_tools.load(*named)["description"],
        **({"correlationId": _correlation(correlation)} if correlation else {}),
        "payload": delivered(*named, {"$ref": f"{SCHEMAS}{_name(event, version)}"}),
        "examples": [{"name": _name(event, version), "payload": schema_tools.example(*named)}],
    }


def _correlation(field: Field) -> Node:
    return {
        "description": field.schema["description"],
        "location": "$message.payload#/detail/metadata/correlation_id",
    }


def _sent(event: Event) -> tuple[str, Node]:
    places = [
        {
            **({"state": place.state} if place.state else {}),
            "function": place.function,
            "change": "recorded" if place.records else "again",
        }
        for place in event.publishers or ()
    ]
    return f"{event.context}.publishes.{event.type}", {
        "action": "send",
        "title": f"{event.context} publishes {event.type}",
        "channel": {"$ref": CHANNEL},
        "tags": [{"name": event.context}],
        "messages": _in_the_channel((event, version) for version in event.versions),
        "x-published-from": places,
    }


def _received(catalogue: Catalogue) -> Iterator[tuple[str, Node]]:
    for rule in catalogue.subscriptions:
        if heard := catalogue.messages(rule):
            yield (
                f"{rule.owner}.receives.{rule.name.removeprefix(f'{catalogue.bus}-')}",
                {
                    "action": "receive",
                    "title": f"{rule.owner} listens",
                    "channel": {"$ref": CHANNEL},
                    "tags": [{"name": rule.owner}],
                    "messages": _in_the_channel(heard),
                    "x-eventbridge-rule": _rule(rule, catalogue),
                },
            )


def _rule(rule: Rule, catalogue: Catalogue) -> Node:
    names = {"stack": rule.stack, "rule": rule.name, "queue": rule.queue or rule.target}
    return {
        **{kind: catalogue.any_stage(name, "{stage}") for kind, name in names.items()},
        "pattern": rule.pattern,
        **({"function": rule.code} if rule.code else {}),
    }


def _schemas(catalogue: Catalogue) -> Node:
    """The `detail` of every event, then what they have in common."""
    details: Node = {}
    common: Node = {}
    for event, version in catalogue.messages():
        bundle = bundled(event.type, version, event.source, at=f"{SCHEMAS}{event.source}.")
        details[_name(event, version)] = bundle.schema
        common |= {f"{event.source}.{name}": schema for name, schema in bundle.definitions.items()}
    return {**details, **dict(sorted(common.items()))}
