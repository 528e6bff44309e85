"""Decide whether an EventBridge pattern can match an event; an operator that is not known here counts as a match."""

from fnmatch import fnmatchcase
from typing import Any

from takeaway.check.templates.values import listed


def may_match(pattern: dict[str, Any], *, source: str, detail_type: str | None = None) -> bool:
    """True if events of the source, and of the type if one is given, can match. A field without a filter matches."""
    asked = {"source": source, "detail-type": detail_type}
    limits = {field: value for field, value in asked.items() if value is not None and field in pattern}
    if not all(_passes(pattern[field], value) for field, value in limits.items()):
        return False
    ways = pattern.get("$or")
    return ways is None or any(may_match(way, source=source, detail_type=detail_type) for way in ways)


def _passes(filters: Any, value: str) -> bool:
    return any(_fits(each, value) for each in listed(filters))


def _fits(each: Any, value: str) -> bool:  # noqa: PLR0911 - one line for each operator
    match each:
        case str():
            return each == value
        case {"prefix": str() as start}:
            return value.startswith(start)
        case {"suffix": str() as end}:
            return value.endswith(end)
        case {"equals-ignore-case": str() as same}:
            return value.lower() == same.lower()
        case {"wildcard": str() as wanted}:
            return fnmatchcase(value, wanted)
        case {"anything-but": str() | list() as unwanted}:
            return value not in listed(unwanted)
    return True
