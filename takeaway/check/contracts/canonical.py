"""JSON values as JSON Schema compares them: 1 is 1.0, and neither is true; the order of an object's keys is nothing."""

import json
from typing import Any


def canonical(value: Any) -> str:
    """The same text for values that are equal, and another one for others. Python's own == takes 0 for False."""
    return json.dumps(_normal(value), ensure_ascii=False, sort_keys=True)


def same(these: Any, those: Any) -> bool:
    return canonical(these) == canonical(those)


def parsed(content: bytes | str) -> Any:
    """A JSON document of which there is one reading only. Raises ValueError."""
    return json.loads(content, object_pairs_hook=_named_once, parse_constant=_refuse)


def _normal(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _normal(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_normal(each) for each in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _named_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        raise ValueError(f"{next(name for name in names if names.count(name) > 1)} is said twice")
    return found


def _refuse(constant: str) -> Any:
    raise ValueError(f"{constant} is no number of JSON")
