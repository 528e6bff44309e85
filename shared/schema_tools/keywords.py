"""The keywords of JSON Schema (draft 2020-12) whose values are schemas; the values of all others are plain data."""

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
# Keywords for the place and name of a schema, which a resolved schema does not need.
PLACES = frozenset({"$schema", "$id", "$anchor"}) | DEFINITIONS
# Keywords that may stand beside a reference: they describe, and refuse no value.
ANNOTATIONS = frozenset({
    "$comment", "title", "description", "examples", "default", "deprecated", "readOnly", "writeOnly",
})  # fmt: skip


def is_annotation(keyword: str) -> bool:
    """Tell whether a keyword of JSON Schema only describes, and refuses no value."""
    return keyword in ANNOTATIONS or keyword.startswith("x-")


def written_out(schema: Any) -> Schema:
    """Write a boolean schema as an object: true allows anything, false nothing."""
    return schema if isinstance(schema, dict) else {} if schema else {"enum": []}


def mapped(schema: Schema, into: Callable[[Any], Any]) -> Schema:
    """Return the schema with `into` applied to each schema that is directly inside it."""
    return {keyword: _mapped(keyword, value, into) for keyword, value in schema.items()}


def places(schema: Any, above: str = "") -> Iterator[tuple[str, Any]]:
    """Yield every schema in a document, itself included, with its JSON pointer."""
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
