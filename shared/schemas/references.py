"""Schemas with their references followed: what a file means, without looking into another."""

from collections.abc import Callable
from typing import Any

Schema = dict[str, Any]
# What may stand beside a reference: it says more, and decides nothing.
ANNOTATIONS = frozenset(
    {"$comment", "title", "description", "examples", "default", "deprecated", "readOnly", "writeOnly"}
)


class BadReference(ValueError):
    """A reference leads nowhere, in circles, or is narrowed where it is used."""


def is_annotation(keyword: str) -> bool:
    """Whether a keyword of JSON Schema tells people something, and refuses no value."""
    return keyword in ANNOTATIONS or keyword.startswith("x-")


def resolved(file: str, read: Callable[[str], Schema]) -> Schema:
    """The schema of a file, each reference replaced by what it refers to. Raises BadReference.

    `read` gives the document of a file name. What is said beside a reference, a closer description say, wins.
    """
    whole: Schema = _Resolving(read).node(read(file), file, ())
    return whole


class _Resolving:
    def __init__(self, read: Callable[[str], Schema]) -> None:
        self._read = read

    def node(self, node: Any, file: str, way: tuple[str, ...]) -> Any:
        if isinstance(node, list):
            return [self.node(each, file, way) for each in node]
        if not isinstance(node, dict):
            return node
        if isinstance(node.get("$ref"), str):
            return self._target(node, file, way)
        return {key: self.node(value, file, way) for key, value in node.items() if key != "$defs"}

    def _target(self, node: Schema, file: str, way: tuple[str, ...]) -> Schema:
        name, _, pointer = node["$ref"].partition("#")
        name = name or file
        place = f"{name}#{pointer}"
        beside = {key: value for key, value in node.items() if key != "$ref"}
        if place in way:
            raise BadReference(f"{file}: {node['$ref']} refers to itself")
        if narrowing := sorted(key for key in beside if not is_annotation(key)):
            raise BadReference(
                f"{file}: {', '.join(narrowing)} beside {node['$ref']}: only what describes may stand there"
            )
        target: Schema = self.node(self._at(name, pointer, file), name, (*way, place))
        return target | beside

    def _at(self, name: str, pointer: str, file: str) -> Any:
        try:
            found: Any = self._read(name)
            for step in pointer.split("/")[1:]:
                found = found[step.replace("~1", "/").replace("~0", "~")]
        except (LookupError, TypeError):
            raise BadReference(f"{file}: {name}#{pointer} leads nowhere") from None
        return found
