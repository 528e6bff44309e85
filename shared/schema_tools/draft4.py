"""Translation of a schema to draft 4 of JSON Schema, the latest that EventBridge's schema registry takes."""

from typing import Any

from shared.schema_tools.keywords import Schema, mapped, written_out

SAME = {
    "$ref", "title", "description", "type", "enum", "format", "default", "required", "pattern", "minLength",
    "maxLength", "minimum", "maximum", "multipleOf", "minItems", "maxItems", "uniqueItems", "minProperties",
    "maxProperties",
}  # fmt: skip
WITH_SCHEMAS = {
    "items", "not", "additionalProperties", "allOf", "anyOf", "oneOf", "properties", "patternProperties", "definitions",
}  # fmt: skip
LIMITS = {"exclusiveMinimum": "minimum", "exclusiveMaximum": "maximum"}
EMPTY: dict[str, Schema] = {"enum": {"not": {}}, "required": {}}  # draft 4 allows no empty list here
SAYS_NOTHING = {"$schema", "$id", "$comment", "examples", "deprecated", "readOnly", "writeOnly"}


class NotInDraft4(ValueError):
    """The schema demands something that draft 4 can't express.

    It is refused, because leaving the demand out would promise subscribers less than is true.
    """


def draft4(schema: Any) -> Schema:
    """Return a schema with the same demands in draft 4. Raises NotInDraft4."""
    said = written_out(schema)
    translated: Schema = {}
    for keyword, value in said.items():
        if keyword not in SAYS_NOTHING:
            translated |= _translated(keyword, value, said)
    return translated


def _translated(keyword: str, value: Any, beside: Schema) -> Schema:
    if value == [] and keyword in EMPTY:
        return EMPTY[keyword]
    if keyword in SAME or keyword.startswith("x-"):
        return {keyword: value}
    if keyword == "const" and "enum" not in beside:
        return {"enum": [value]}
    if keyword in WITH_SCHEMAS:
        return mapped({keyword: value}, _additional if keyword == "additionalProperties" else draft4)
    if keyword in LIMITS and LIMITS[keyword] not in beside:
        return {LIMITS[keyword]: value, keyword: True}
    raise NotInDraft4(f"{keyword}: {value!r}")


def _additional(schema: Any) -> Any:
    """Translate additionalProperties, the only keyword for which draft 4 allows true and false."""
    return schema if isinstance(schema, bool) else draft4(schema)
