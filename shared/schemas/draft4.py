"""A schema in draft 4 of JSON Schema: the youngest that EventBridge's schema registry takes."""

from typing import Any

Schema = dict[str, Any]

SAME = {
    "$ref", "title", "description", "type", "enum", "format", "default", "required", "pattern", "minLength",
    "maxLength", "minimum", "maximum", "multipleOf", "minItems", "maxItems", "uniqueItems", "minProperties",
    "maxProperties",
}  # fmt: skip
OF_ONE = {"items", "not", "additionalProperties"}
OF_A_LIST = {"allOf", "anyOf", "oneOf"}
OF_A_MAP = {"properties", "patternProperties", "definitions"}
LIMITS = {"exclusiveMinimum": "minimum", "exclusiveMaximum": "maximum"}
SAYS_NOTHING = {"$schema", "$id", "$comment", "examples", "deprecated", "readOnly", "writeOnly"}


class NotInDraft4(ValueError):
    """The schema demands something that draft 4 can't say; dropping it would promise subscribers something else."""


def draft4(schema: Schema) -> Schema:
    """The same demands, in draft 4. Raises NotInDraft4."""
    translated: Schema = {}
    for keyword, value in schema.items():
        if keyword not in SAYS_NOTHING:
            translated |= _translated(keyword, value, schema)
    return translated


def _translated(keyword: str, value: Any, beside: Schema) -> Schema:
    if keyword in SAME or keyword.startswith("x-"):
        return {keyword: value}
    if keyword == "const":
        return {"enum": [value]}
    if keyword in OF_ONE:
        return {keyword: draft4(value) if isinstance(value, dict) else value}
    if keyword in OF_A_LIST:
        return {keyword: [draft4(each) for each in value]}
    if keyword in OF_A_MAP:
        return {keyword: {name: draft4(each) for name, each in value.items()}}
    if keyword in LIMITS and LIMITS[keyword] not in beside:
        return {LIMITS[keyword]: value, keyword: True}
    raise NotInDraft4(f"{keyword}: {value!r}")
