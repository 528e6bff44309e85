"""Compare the values that two schemas allow, keyword by keyword. Pure.

No values are tried. Whether one regular expression allows less than another can't be told from its text, so a changed
pattern counts as different, neither wider nor narrower.
"""

from collections.abc import Iterable, Iterator
from enum import Enum
from typing import Any

from shared.schema_tools.keywords import PLACES, Schema, is_annotation
from takeaway.check.contracts.canonical import canonical


class Effect(Enum):
    """The effect of a change on the set of values that may be written."""

    WIDER = "widens"
    NARROWER = "narrows"
    OTHER = "changes"


LOWER_BOUNDS = ("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties")
UPPER_BOUNDS = ("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties")
ALL_OR_NOTHING = ("format", "pattern", "multipleOf", "contentEncoding", "contentMediaType")
# The keywords whose changes this check understands, so that schemas may use no others. Another keyword is a problem
# even if it stays the same, because it may alter the meaning of another change: with `additionalProperties: false`, a
# new property would be refused by those who validate with the old schema.
JUDGED = frozenset({
    *LOWER_BOUNDS, *UPPER_BOUNDS, *ALL_OR_NOTHING, "enum", "const", "uniqueItems", "type", "properties", "required",
    "items",
})  # fmt: skip

Difference = tuple[Effect, str]


def differences(old: Schema, new: Schema) -> Iterator[Difference]:
    """Yield how the allowed values changed, in words; types are compared by `type_difference`."""
    yield from _values(listed(old), listed(new))
    for keyword in (*LOWER_BOUNDS, *UPPER_BOUNDS):
        before, after = old.get(keyword), new.get(keyword)
        if before != after:
            grows = after is None or (before is not None and (after < before) == (keyword in LOWER_BOUNDS))
            yield Effect.WIDER if grows else Effect.NARROWER, _from_to(keyword, before, after)
    for keyword in ALL_OR_NOTHING:
        before, after = old.get(keyword), new.get(keyword)
        if before != after:
            yield _effect(before, after), _from_to(keyword, before, after)
    before, after = old.get("uniqueItems", False), new.get("uniqueItems", False)
    if before != after:
        yield Effect.NARROWER if after else Effect.WIDER, _from_to("uniqueItems", before, after)


def not_judged(schema: Schema) -> list[str]:
    """Return the keywords of a schema that this check does not understand."""
    return sorted(keyword for keyword in schema if keyword not in JUDGED | PLACES and not is_annotation(keyword))


def type_difference(old: Any, new: Any) -> Difference | None:
    """Compare two types; OTHER if neither allows all of the other, so that nothing inside can be compared."""
    before, after = types(old), types(new)
    grows, shrinks = covers(after, before), covers(before, after)
    if grows and shrinks:
        return None
    words = f"{' or '.join(sorted(before)) or 'anything'} → {' or '.join(sorted(after)) or 'anything'}"
    return (Effect.WIDER if grows else Effect.NARROWER if shrinks else Effect.OTHER), words


def types(said: Any) -> set[str]:
    return set(said) if isinstance(said, list) else {said} if said else set()


def covers(these: set[str], those: set[str]) -> bool:
    """True if every value of `those` types is of one of `these`; an empty set means any type."""
    if not these or not those:
        return not these
    return those <= (these | {"integer"} if "number" in these else these)


def listed(schema: Schema) -> list[str] | None:
    """Return the values of `enum` or `const`, as JSON; None if the schema lists none."""
    said = [schema.get("enum"), [schema["const"]] if "const" in schema else None]
    lists = [[canonical(value) for value in values] for values in said if values is not None]
    return [value for value in lists[0] if all(value in other for other in lists)] if lists else None


def _values(before: list[str] | None, after: list[str] | None) -> Iterator[Difference]:
    if before is None or after is None:
        if before is not None:
            yield Effect.WIDER, f"any value now, no more only one of {', '.join(before)}"
        if after is not None:
            yield Effect.NARROWER, f"one of {', '.join(after)} now, and nothing else"
        return
    if more := [value for value in after if value not in before]:
        yield Effect.WIDER, f"may now be {_or(more)}"
    if less := [value for value in before if value not in after]:
        yield Effect.NARROWER, f"is never {_or(less)} now"


def _or(values: Iterable[str]) -> str:
    return " or ".join(values)


def _effect(before: Any, after: Any) -> Effect:
    return Effect.NARROWER if before is None else Effect.WIDER if after is None else Effect.OTHER


def _from_to(keyword: str, before: Any, after: Any) -> str:
    return f"{keyword} {'none' if before is None else before} → {'none' if after is None else after}"
