"""Find what changed between two schemas of an event, and whom that breaks. Pure.

A schema is the publisher's promise. Consumers break when events may now have more than they were promised, or lack what
they need. A replay breaks when events of the archive do not keep today's promise. A promise that only becomes stronger
breaks no consumer.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from shared.schema_tools.keywords import Schema, is_annotation, written_out
from takeaway.check.contracts import constraints
from takeaway.check.contracts.canonical import canonical, same
from takeaway.check.contracts.constraints import Effect, not_judged
from takeaway.check.contracts.consumers import Use

PERSONAL = "x-personal-data"
OLDER_EVENTS = "events in the archive may lack it: whoever begins to read it must do without when they are replayed"
WAS_OPEN = "the object could hold anything before, so events in the archive may have it otherwise"
BEYOND = "expected nothing but " + ", ".join(sorted(constraints.JUDGED)) + ", descriptions, and x-…"
MEANING = "other words are fine; another meaning is a new version"


class Breaks(StrEnum):
    """The kinds of damage that a change does."""

    CONSUMERS = "consumers"  # they were written for what was promised before
    REPLAYS = "replays"  # events of the archive are not what is promised now
    PRIVACY = "privacy"  # consumers may store it without knowing that it is personal
    UNKNOWN = "unknown"  # the check can't tell, so it refuses


BREAKS = {Effect.WIDER: Breaks.CONSUMERS, Effect.NARROWER: Breaks.REPLAYS, Effect.OTHER: Breaks.CONSUMERS}


@dataclass(frozen=True)
class Change:
    """One change of a field; path "" is the event itself. `what` describes it; `breaks` is None if it breaks nothing.

    `judge` fills in `event`, such as "takeaway.orders@order_completed.v1", and `readers`, the uses of the field.
    """

    event: str = field(default="", kw_only=True)
    path: str
    what: str
    breaks: Breaks | None = None
    readers: tuple[Use, ...] = field(default=(), kw_only=True)
    note: str = ""


def changes(old: Schema, new: Schema, path: str = "") -> Iterator[Change]:
    """Yield all differences between two schemas without references, from the top down.

    Also yields keywords that can't be judged, changed or not.
    """
    old, new, shown = written_out(old), written_out(new), path or "the event"
    if retyped := constraints.type_difference(old.get("type"), new.get("type")):
        effect, words = retyped
        verb = "retypes" if effect is Effect.OTHER else effect.value
        yield Change(path, f"{verb} {shown}: {words}", BREAKS[effect])
        if effect is Effect.OTHER:
            return
    for effect, words in constraints.differences(old, new):
        yield Change(path, f"{effect.value} {shown}: {words}", BREAKS[effect])
    yield from _fields(old, new, path)
    if "items" in old or "items" in new:
        yield from changes(old.get("items", {}), new.get("items", {}), f"{path}[]")
    yield from _said_about(old, new, path, shown)


def _fields(old: Schema, new: Schema, path: str) -> Iterator[Change]:
    before, after = _declared(old), _declared(new)
    was_required, is_required = set(old.get("required", ())), set(new.get("required", ()))
    renamed = _renamed(before, after)
    for name in [*before, *(name for name in after if name not in before and name not in renamed.values())]:
        field = f"{path}.{name}" if path else name
        if name not in before:
            required = name in is_required
            what = f"adds {field}, {'always there' if required else 'optional'}"
            if _is_open(old) and any(not is_annotation(keyword) for keyword in written_out(after[name])):
                yield Change(field, what, Breaks.REPLAYS, WAS_OPEN)
            else:
                yield Change(field, what, note=OLDER_EVENTS * required)
            yield from unjudged(after[name], field)
        elif name not in after:
            new_name = f": it looks like {renamed[name]} now" if name in renamed else ""
            yield Change(field, f"{'renames' if new_name else 'removes'} {field}{new_name}", Breaks.CONSUMERS)
        else:
            if name in was_required - is_required:
                yield Change(field, f"makes {field} optional: it may be missing now", Breaks.CONSUMERS)
            if name in is_required - was_required:
                yield Change(field, f"makes {field} required", note=OLDER_EVENTS)
            yield from changes(before[name], after[name], field)


def _is_open(schema: Schema) -> bool:
    """True if the schema allows objects and declares no field, so that events may have any."""
    types = constraints.types(schema.get("type"))
    return "properties" not in schema and (not types or "object" in types)


def _declared(schema: Schema) -> dict[str, Schema]:
    """Return an object's fields, including those that are only named in `required`."""
    said: dict[str, Schema] = schema.get("properties", {})
    return said | {name: {} for name in schema.get("required", ()) if name not in said}


def unjudged(schema: Any, path: str = "") -> Iterator[Change]:
    """Yield the keywords of a schema, at any depth, that this check can't judge."""
    said, shown = written_out(schema), path or "the event"
    for keyword in not_judged(said):
        yield Change(path, f"says {keyword} of {shown}, which this check can not judge", Breaks.UNKNOWN, BEYOND)
    for name, inner in said.get("properties", {}).items():
        yield from unjudged(inner, f"{path}.{name}" if path else name)
    if "items" in said:
        yield from unjudged(said["items"], f"{path}[]")


def _renamed(before: dict[str, Schema], after: dict[str, Schema]) -> dict[str, str]:
    """Map old names to new ones, for fields probably renamed: exactly one new field is like the old one."""
    went = {name: canonical(_bare(schema)) for name, schema in before.items() if name not in after}
    came = {name: canonical(_bare(schema)) for name, schema in after.items() if name not in before}
    alike = {name: [other for other in came if came[other] == schema] for name, schema in went.items()}
    return {name: others[0] for name, others in alike.items()
            if len(others) == 1 and list(went.values()).count(went[name]) == 1}  # fmt: skip


def _bare(node: Any) -> Any:
    """Return a schema without its descriptions."""
    if isinstance(node, list):
        return [_bare(each) for each in node]
    if not isinstance(node, dict):
        return node
    return {key: _bare(value) for key, value in node.items() if not (is_annotation(key) and isinstance(value, str))}


def _said_about(old: Schema, new: Schema, path: str, shown: str) -> Iterator[Change]:
    """Yield changes of annotations: description, deprecation, personal data, and keywords that can't be judged."""
    words, other_words = old.get("description"), new.get("description")
    if words and other_words and words != other_words:
        yield Change(path, f"describes {shown} anew", note=MEANING)
    if new.get("deprecated") and not old.get("deprecated"):
        yield Change(path, f"deprecates {shown}")
    if not same(old.get(PERSONAL, False), new.get(PERSONAL, False)):
        personal = new.get(PERSONAL, False)
        yield Change(path, f"says that {shown} is {'personal data' if personal else 'no personal data any more'}",
                     Breaks.PRIVACY if personal else None)  # fmt: skip
    for keyword in not_judged({**old, **new}):
        changed = keyword not in new or keyword not in old or not same(old[keyword], new[keyword])
        verb, breaks = ("changes", Breaks.CONSUMERS) if changed else ("says", Breaks.UNKNOWN)
        yield Change(path, f"{verb} {keyword} of {shown}, which this check can not judge", breaks, BEYOND)
