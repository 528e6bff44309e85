"""Where in a JSON Schema (draft 2020-12) there are schemas: everything else in it is taken for the data that it is."""

from collections.abc import Callable, Iterator
from typing import Any

Schema = dict[str, Any]

DIALECT = "https://json-schema.org/draft/2020-12/schema"
OF_ONE = frozenset({
    "items", "contains", "additionalProperties", "unevaluatedItems", "unevaluatedProperties", "propertyNames", "not",
    "if", "then", "else", "contentSchema",
})  # fmt: skip
OF_A_LIST = frozenset({"allOf", "anyOf", "oneOf", "prefixItems"})
DEFINITIONS = frozenset({"$defs", "definitions"})
OF_A_MAP = frozenset({"properties", "patternProperties", "dependentSchemas"}) | DEFINITIONS
# Say where a schema is and what it is called; of a schema whose references are followed they say nothing.
PLACES = frozenset({"$schema", "$id", "$anchor"}) | DEFINITIONS
# What may stand beside a reference: it says more, and decides nothing.
ANNOTATIONS = frozenset({
    "$comment", "title", "description", "examples", "default", "deprecated", "readOnly", "writeOnly",
})  # fmt: skip


def is_annotation(keyword: str) -> bool:
    """Whether a keyword of JSON Schema tells people something, and refuses no value."""
    return keyword in ANNOTATIONS or keyword.startswith("x-")


def written_out(schema: Any) -> Schema:
    """JSON Schema writes "anything" as true, and "nothing" as false."""
    return schema if isinstance(schema, dict) else {} if schema else {"enum": []}


def mapped(schema: Schema, into: Callable[[Any], Any]) -> Schema:
    """The same schema with something else for each schema that is directly in it."""
    return {keyword: _mapped(keyword, value, into) for keyword, value in schema.items()}


def places(schema: Any, above: str = "") -> Iterator[tuple[str, Any]]:
    """Every schema in a document, itself included, by its JSON pointer."""
    yield above, schema
    if isinstance(schema, dict):
        for keyword, value in schema.items():
            for step, inner in _inside(keyword, value):
                yield from places(inner, f"{above}/{keyword}{step}")


def _mapped(keyword: str, value: Any, into: Callable[[Any], Any]) -> Any:
    if keyword in OF_ONE:
        return into(value)
    if keyword in OF_A_LIST:
        return [into(each) for each in value]
    return {name: into(each) for name, each in value.items()} if keyword in OF_A_MAP else value


def _inside(keyword: str, value: Any) -> Iterator[tuple[str, Any]]:
    if keyword in OF_ONE:
        yield "", value
    elif keyword in OF_A_LIST:
        yield from ((f"/{index}", each) for index, each in enumerate(value))
    elif keyword in OF_A_MAP:
        yield from ((f"/{name.replace('~', '~0').replace('/', '~1')}", each) for name, each in value.items())
