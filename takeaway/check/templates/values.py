"""Make values of a CloudFormation template, with their intrinsic functions, readable and searchable."""

import re
from collections.abc import Iterator
from typing import Any

PSEUDO = {"AWS::Partition": "aws", "AWS::Region": "<region>", "AWS::AccountId": "<account>"}
PLACEHOLDER = re.compile(r"\$\{(?P<name>[^}!]+)\}")


def listed(value: Any) -> list[Any]:
    """Return a list, because a template may have one value or a list in many places."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def flat(value: Any) -> str:  # noqa: C901, PLR0911 - one case for each form
    """Write a value as one text, with `<LogicalId>` for a value that only a deployment knows."""
    match value:
        case str():
            return PLACEHOLDER.sub(lambda found: _named(found["name"]), value) if "${AWS::" in value else value
        case {"Fn::Join": [separator, parts]}:
            return str(separator).join(flat(part) for part in parts)
        case {"Ref": name}:
            return _named(name)
        case {"Fn::GetAtt": [name, attribute]}:
            return f"<{name}.{attribute}>"
        case {"Fn::Sub": [text, {**given}]}:
            return PLACEHOLDER.sub(
                lambda found: flat(given[found["name"]]) if found["name"] in given else _named(found["name"]), text
            )
        case {"Fn::Sub": str() as text}:
            return PLACEHOLDER.sub(lambda found: _named(found["name"]), text)
        case dict():
            return ", ".join(f"{key}: {flat(each)}" for key, each in value.items())
        case list():
            return ", ".join(map(flat, value))
    return str(value)


def _named(name: str) -> str:
    return PSEUDO.get(name, f"<{name}>")


def references(value: Any) -> set[str]:
    """Return the logical ids that a value refers to, at any depth."""
    found = set()
    for node in nodes(value):
        match node:
            case {"Ref": str() as name}:
                found.add(name)
            case {"Fn::GetAtt": [name, _]}:
                found.add(name)
            case {"Fn::Sub": text}:
                found |= {place.split(".")[0] for place in PLACEHOLDER.findall(listed(text)[0])}
    return {name for name in found if not name.startswith("AWS::")}


def logical_id(value: Any) -> str:
    """Return the logical id that a value refers to; if it refers to none or several, the value as text."""
    found = references(value)
    return found.pop() if len(found) == 1 else flat(value)


def nodes(value: Any) -> Iterator[Any]:
    """Yield a value and all values in it."""
    yield value
    children = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for child in children:
        yield from nodes(child)


def texts(value: Any) -> Iterator[str]:
    """Yield every text in a value; Fn::Join and Fn::Sub also as one text."""
    if isinstance(value, dict) and len(value) == 1 and next(iter(value)) in ("Fn::Join", "Fn::Sub"):
        yield flat(value)
    children = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    if isinstance(value, str):
        yield flat(value)
    for child in children:
        yield from texts(child)
