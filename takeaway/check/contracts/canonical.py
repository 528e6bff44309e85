"""Compare JSON values as JSON Schema does: 1 equals 1.0, neither equals true, and keys have no order."""

import json
from typing import Any


def canonical(value: Any) -> str:
    """Return a text that is the same for equal values only. Python's == would not do, because it takes 0 for False."""
    return json.dumps(_normal(value), ensure_ascii=False, sort_keys=True)


def same(these: Any, those: Any) -> bool:
    return canonical(these) == canonical(those)


def parsed(content: bytes | str) -> Any:
    """Parse JSON strictly. Raises ValueError, also for a key that is there twice and for NaN or Infinity."""
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
        raise ValueError(f"{next(name for name in names if names.count(name) > 1)} is there twice")
    return found


def _refuse(constant: str) -> Any:
    raise ValueError(f"{constant} is not a number in JSON")
