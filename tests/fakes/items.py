"""Items of DynamoDB as the versions of a context see them: their attributes at every depth, and added ones."""

from collections.abc import Iterator
from typing import Any

Item = dict[str, Any]
LATER = {"S": "of a later version"}


def paths(value: Item, of: str = "") -> Iterator[str]:
    """Yield the path of each attribute with its type, such as `customer.M.name.S`; all elements of a list are one."""
    for name, attribute in value.items():
        for kind, content in attribute.items():
            path = f"{of}{name}.{kind}"
            yield path
            for inner in content if kind == "L" else [attribute] if kind == "M" else []:
                yield from paths(inner["M"], f"{path}.") if "M" in inner else ()


def with_more(value: Item) -> Item:
    """Return an item with one more attribute, in each of its maps as well."""
    return {name: _with_more(attribute) for name, attribute in value.items()} | {"later": LATER}


def _with_more(attribute: Item) -> Item:
    match attribute:
        case {"M": inner}:
            return {"M": with_more(inner)}
        case {"L": elements}:
            return {"L": [_with_more(each) for each in elements]}
    return attribute
