"""Render pages from templates that escape all content, and spell control characters out."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup, escape

from shared import schema_tools
from shared.schema_tools.fields import fields
from takeaway.clock import clock, lasted
from takeaway.money import shown
from takeaway.run.client.journey import ACTORS
from takeaway.run.console import picture, seen
from takeaway.run.console.failures import NotHere
from takeaway.unseen import visible, visible_lines

FOLDER = Path(__file__).parent
REASON = "We can't take your order right now."
SHEETS = {
    "map": ["map"],
    "orders": ["orders"],
    "shop": ["shop"],
    "operate": ["operate"],
    "wirings": ["orders", "wirings"],
}
SIGNS = {"COMPLETED": "✓", "ACCEPTED": "●", "PLACED": "●", "RECEIVED": "○"}
ENDS = {
    "ExecutionSucceeded": "The workflow has ended",
    "ExecutionFailed": "The workflow has ended as failed",
    "ExecutionTimedOut": "The workflow ran out of time",
    "ExecutionAborted": "The workflow was stopped from outside",
}


def page(template: str, **content: Any) -> str:
    return _templates().get_template(template).render(**content)


@cache
def _templates() -> Environment:
    templates = Environment(
        loader=FileSystemLoader(FOLDER / "templates"),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        finalize=_inert,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.globals.update(
        clock=clock,
        lasted=lasted,
        visible=visible,
        broken=_broken,
        dishes=seen.dishes,
        money=lambda total: shown(**total) if total else "",
        amount=lambda total: shown(total.amount, total.currency) if total else "",
        picture=lambda of: picture.marked(of.definition, of.traces.steps),
        mark_of=lambda status: SIGNS.get(status, "✕"),
        ended_as=lambda name: ENDS.get(name, name),
        lane_class=lambda lane: lane if lane in ACTORS else "neighbour",
        type_of=type_of,
        schema_file=schema_file,
        REASON=REASON,
        sheets=SHEETS,
    )
    return templates


def _broken(text: str) -> Markup:
    """Escape text, and let lines break behind underscores."""
    return Markup("_<wbr>").join(escape(part) for part in visible(text).split("_"))


def _inert(value: object) -> object:
    return visible_lines(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def is_event(event_type: str) -> bool:
    return event_type in schema_tools.event_types()


def schema_file(event_type: str) -> str:
    source = schema_tools.source_of(event_type)
    return f"shared/schemas/{source}/{schema_tools.file_of(event_type, 1)}"


def schema(event_type: str) -> Mapping[str, Any]:
    """Read an event's schema for its page. Raises NotHere if no such event is published."""
    if not is_event(event_type):
        raise NotHere(f"There is no schema of “{event_type[:64]}”: nobody publishes it.")
    source = schema_tools.source_of(event_type)
    versions = [version for name, version, _ in schema_tools.events(source) if name == event_type]
    return {
        "event_type": event_type,
        "source": source,
        "file": schema_file(event_type),
        "versions": [(version, fields(event_type, version, source).values()) for version in versions],
    }


def type_of(field: Mapping[str, Any]) -> str:
    """Tell a JSON Schema field's type in words."""
    if "const" in field:
        return f"always {field['const']}"
    if "enum" in field:
        return " or ".join(str(each) for each in field["enum"])
    said = field.get("type", "anything")
    return " or ".join(said) if isinstance(said, list) else str(said)
