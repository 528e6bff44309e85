"""The wording of generated pages, as Jinja templates; the facts are computed elsewhere."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from takeaway.markdown import cell

LONGEST_PATTERN = 30  # characters; a longer one is not shown
UNITS = {"string": ("minLength", "maxLength", "character"), "array": ("minItems", "maxItems", "entry")}
PLURALS = {"entry": "entries"}


def code(text: object) -> str:
    return f"`{text}`"


def either(words: Iterable[str]) -> str:
    """Join words with "or": "a", "a or b", "a, b or c"."""
    *rest, last = words
    return f"{', '.join(rest)} or {last}" if rest else last


def type_of(schema: dict[str, Any]) -> str:
    """Tell the values that a field may have: "string (uuid)", "one of `a`, `b`", "list of 1 to 100 entries"."""
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
    units = unit if (most or least) == 1 else PLURALS.get(unit, f"{unit}s" if unit else "")
    match least, most:
        case None, None:
            return ""
        case _, None:
            return f", at least {least} {units}" if unit else f" from {least}"
        case None, _:
            return f", at most {most} {units}".rstrip()
    return f", {least} to {most} {units}".rstrip()


def written(template: str, **facts: Any) -> str:
    """Render a page or a document from the template of that name."""
    environment = Environment(  # noqa: S701 - Markdown and YAML, from this repository's own content
        loader=FileSystemLoader(Path(__file__).parent),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {"cell": cell, "code": code, "either": either, "json": json.dumps, "type": type_of}
    return environment.get_template(template).render(facts)
