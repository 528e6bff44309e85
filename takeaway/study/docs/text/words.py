"""How pages say things in Markdown: names, alternatives, and a JSON schema in a few words."""

from collections.abc import Iterable
from typing import Any

LONGEST_PATTERN = 30  # a longer one is read in the schema
UNITS = {"string": ("minLength", "maxLength", "character"), "array": ("minItems", "maxItems", "entry")}
PLURALS = {"entry": "entries"}


def code(text: object) -> str:
    return f"`{text}`"


def either(words: Iterable[str]) -> str:
    """ "a", "a or b", "a, b or c"."""
    *rest, last = words
    return f"{', '.join(rest)} or {last}" if rest else last


def type_of(schema: dict[str, Any]) -> str:
    """What values a field may have: "string (uuid)", "one of `a`, `b`", "list of 1 to 100 entries"."""
    if "const" in schema:
        return f"always {code(schema['const'])}"
    if "enum" in schema:
        return "one of " + ", ".join(code(value) for value in schema["enum"])
    types = schema.get("type", "anything")
    names = types if isinstance(types, list) else [types]
    text = either("list" if name == "array" else name for name in names)
    if "format" in schema:
        return f"{text} ({schema['format']})"
    if len(schema.get("pattern", "")) in range(1, LONGEST_PATTERN):
        return f"{text} {code(schema['pattern'])}"
    return f"{text}{_limits(schema, names[0])}"


def _limits(schema: dict[str, Any], kind: str) -> str:
    least_key, most_key, unit = UNITS.get(kind, ("minimum", "maximum", ""))
    least, most = schema.get(least_key), schema.get(most_key)
    if least is None and most is None:
        return ""
    if most is None and not unit:
        return f" from {least}"
    if least is None or most is None:
        count = f"at least {least}" if most is None else f"at most {most}"
    else:
        count = f"{least} to {most}"
    plural = PLURALS.get(unit, f"{unit}s") if (most or least) != 1 else unit
    return f", {count} {plural if unit else ''}".rstrip()
