"""A schema in one piece, for those who can't follow a reference to another file: registries, catalogues, documents."""

from dataclasses import dataclass, field
from typing import Any

from shared.schemas import FILE, load

OF_THE_FILE = {"$schema", "$id"}  # say where the schema is from, not what it demands

Schema = dict[str, Any]
Document = tuple[str, int]  # name and version, as `load` takes them


@dataclass
class Bundle:
    """`schema` refers to nothing but `definitions`, each of which has the name and the version of its file."""

    schema: Schema
    definitions: dict[str, Schema] = field(default_factory=dict)


def bundled(event_type: str, version: int = 1, *, at: str = "#/definitions/") -> Bundle:
    """The schema of an event's `detail`; `at` is where the definitions will stand. Raises UnknownEvent.

    What stands beside a reference (a closer description) counts in JSON Schema from 2019 on. For older dialects, which
    ignore it, such a reference is replaced by what it refers to.
    """
    return _Bundler(at).bundle(event_type, version)


class _Bundler:
    def __init__(self, at: str) -> None:
        self._at = at
        self._definitions: dict[str, Schema] = {}

    def bundle(self, event_type: str, version: int) -> Bundle:
        whole = load(event_type, version)
        schema = self._rewritten({key: whole[key] for key in whole if key not in OF_THE_FILE}, (event_type, version))
        return Bundle(schema, dict(sorted(self._definitions.items())))

    def _rewritten(self, node: Any, document: Document) -> Any:
        if isinstance(node, list):
            return [self._rewritten(each, document) for each in node]
        if not isinstance(node, dict):
            return node
        if "$ref" not in node:
            return {key: self._rewritten(value, document) for key, value in node.items()}
        if len(node) > 1:
            return self._inlined(node, document)
        target, elsewhere, name = self._followed(node["$ref"], document)
        if name not in self._definitions:
            self._definitions[name] = {}  # a definition may refer to itself
            self._definitions[name] = self._rewritten(target, elsewhere)
        return {"$ref": f"{self._at}{name}"}

    def _inlined(self, node: Schema, document: Document) -> Schema:
        target, elsewhere, _ = self._followed(node["$ref"], document)
        beside = {key: self._rewritten(value, document) for key, value in node.items() if key != "$ref"}
        there = self._inlined(target, elsewhere) if "$ref" in target else self._rewritten(target, elsewhere)
        return {**there, **beside}

    @staticmethod
    def _followed(reference: str, document: Document) -> tuple[Schema, Document, str]:
        """What is referred to, the document in which it stands, and its name in the bundle."""
        file, _, pointer = reference.partition("#/$defs/")
        found = FILE.fullmatch(file)
        elsewhere = (found["name"], int(found["version"])) if found else document
        return load(*elsewhere)["$defs"][pointer], elsewhere, f"{pointer}.v{elsewhere[1]}"
