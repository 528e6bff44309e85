"""How DynamoDB counts on demand: sizes of items, and the request units that reading and writing them takes."""

from collections.abc import Mapping
from decimal import ROUND_CEILING, Decimal
from typing import Any

Item = Mapping[str, Mapping[str, Any]]
WRITE_BYTES, READ_BYTES = 1024, 4096
LARGEST_NUMBER = 21
CONTAINER_BYTES, ELEMENT_BYTES = 3, 1  # a list or a map has three bytes and one more for each of its elements


def size_of(item: Item | None) -> int:
    """In bytes, as the service measures it: names of attributes are a part of it."""
    return sum(len(name.encode()) + _value(value) for name, value in (item or {}).items())


def write_units(*items: Item | None) -> Decimal:
    """Of a write: the larger of what was there and what is there counts; a write that changes nothing costs as well."""
    return _units(max(size_of(item) for item in items), WRITE_BYTES)


def read_units(size: int, *, consistent: bool) -> Decimal:
    units = _units(size, READ_BYTES)
    return units if consistent else units / 2


def index_units(before: Item | None, after: Item | None, keys: tuple[str, ...]) -> Decimal:
    """Of the write that follows in an index which has all attributes of the items that have its keys."""
    old, new = ((item if item and all(key in item for key in keys) else None) for item in (before, after))
    if old == new:
        return Decimal(0)
    if old and new and any(old[key] != new[key] for key in keys):  # taken out, and put in elsewhere
        return write_units(old) + write_units(new)
    return write_units(old, new)


def _units(size: int, each: int) -> Decimal:
    return max((Decimal(size) / each).to_integral_value(ROUND_CEILING), Decimal(1))


def _value(value: Mapping[str, Any]) -> int:  # noqa: PLR0911 - one for each kind
    [(kind, content)] = value.items()
    match kind:
        case "S":
            return len(content.encode())
        case "N":
            digits = content.lstrip("-").replace(".", "").strip("0")
            return min((len(digits) + 1) // 2 + 1, LARGEST_NUMBER)
        case "B":
            return len(content)
        case "BOOL" | "NULL":
            return 1
        case "L":
            return CONTAINER_BYTES + sum(ELEMENT_BYTES + _value(each) for each in content)
        case "M":
            return CONTAINER_BYTES + sum(
                ELEMENT_BYTES + len(name.encode()) + _value(each) for name, each in content.items()
            )
        case _:  # sets
            return sum(_value({kind[0]: each}) for each in content)
