"""The published language of a context in EventBridge's schema registry, where teams on AWS look for it."""

import json
import textwrap

from aws_cdk import aws_eventschemas as eventschemas
from constructs import Construct

from shared.infrastructure.deployment import Deployment
from shared.refusals import Refusal
from shared.schema_tools import events, name_of
from shared.schema_tools.bundle import bundled
from shared.schema_tools.delivered import delivered
from shared.schema_tools.draft4 import NotInDraft4, draft4
from shared.schema_tools.references import BadReference

FORMAT = "JSONSchemaDraft4"
LONGEST_DESCRIPTION = 256


class SchemaRegistry(Construct):
    """The registry `takeaway-<stage>-<context>`, with an entry for each event and version of the context's source.

    It belongs to the stack that publishes, because it changes together with that code. Not every engine has this
    service.
    """

    def __init__(self, scope: Construct, id: str, *, deployment: Deployment, context: str, source: str) -> None:
        super().__init__(scope, id)
        registry = eventschemas.CfnRegistry(
            self,
            "Registry",
            registry_name=f"{deployment.prefix}-{context}",
            description=f"What {source} says on the bus {deployment.prefix}",
        )
        for event_type, version, _ in events(source):
            description, content = registered(event_type, version, source)
            eventschemas.CfnSchema(
                self,
                f"{event_type}-v{version}",
                registry_name=registry.attr_registry_name,
                schema_name=name_of(event_type, version, source),
                type=FORMAT,
                description=description,
                content=content,
            )


def registered(event_type: str, version: int, source: str) -> tuple[str, str]:
    """Return the same as `entry`. Raises Refusal if a schema can't be expressed in the registry's dialect."""
    try:
        return entry(event_type, version, source)
    except (BadReference, NotInDraft4) as error:
        raise Refusal(f"{event_type}.v{version} can't be registered: {error}") from None


def entry(event_type: str, version: int, source: str) -> tuple[str, str]:
    """Return the description of an event, and the JSON Schema of the whole event in the registry's dialect."""
    bundle = bundled(event_type, version, source)
    whole = {
        "$schema": "http://json-schema.org/draft-04/schema#",
        **draft4(delivered(event_type, version, source, bundle.schema)),
        "definitions": {name: draft4(schema) for name, schema in bundle.definitions.items()},
    }
    return textwrap.shorten(bundle.schema["description"], LONGEST_DESCRIPTION, placeholder=" …"), json.dumps(whole)
