"""A schema in one piece, for registries, catalogues and documents that can't follow a reference to another file."""

import re
from dataclasses import dataclass, field
from typing import Any

from shared.schema_tools import FILE, document, file_of, source_of
from shared.schema_tools.keywords import PLACES, Schema, mapped, written_out
from shared.schema_tools.references import Place, opened, refuse_circles, refuse_narrowing

DEFINITION = re.compile(r".*#/\$defs/(?P<name>[\w-]+)")  # names that every kind of document allows


@dataclass
class Bundle:
    """A schema that refers to nothing but `definitions`, each named after its file, itself, and the version.

    An event's name has no dot, so a definition can't be taken for one.
    """

    schema: Schema
    definitions: dict[str, Schema] = field(default_factory=dict)


def bundled(event_type: str, version: int = 1, source: str | None = None, *, at: str = "#/definitions/") -> Bundle:
    """Return the schema of an event's `detail`; `at` is the pointer of the definitions in the document.

    Keywords beside a reference (such as a closer description) count in JSON Schema from 2019 on. Older dialects ignore
    them, so such a reference is replaced by its target. Raises UnknownEvent.
    """
    beside = source or source_of(event_type)
    return _Bundler(at).bundle(opened(file_of(event_type, version), lambda name: document(name, beside)))


class _Bundler:
    def __init__(self, at: str) -> None:
        self._at = at
        self._definitions: dict[str, Schema] = {}

    def bundle(self, place: Place) -> Bundle:
        schema = written_out(self._rewritten(place, (id(place.schema),)))
        return Bundle(schema, dict(sorted(self._definitions.items())))

    def _rewritten(self, place: Place, way: tuple[int, ...]) -> Any:
        """Return the schema with its references rewritten.

        `way` has the ids of the schemas that were inlined on the way here, to find circles.
        """
        schema = place.schema
        if isinstance(schema, bool):
            return schema
        if "$ref" not in schema:
            said = {keyword: value for keyword, value in schema.items() if keyword not in PLACES}
            return mapped(said, lambda inner: self._rewritten(place.inside(inner), way))
        beside, target = refuse_narrowing(place), place.followed()
        name = _name(schema["$ref"], target)
        if beside or not name:
            refuse_circles(place, target, way)
            there = self._rewritten_in_place(target, (*way, id(target.schema)))
            return written_out(there) | beside if beside else there
        if name not in self._definitions:
            self._definitions[name] = {}  # a definition may refer to itself
            self._definitions[name] = written_out(self._rewritten(target, (id(target.schema),)))
        return {"$ref": f"{self._at}{name}"}

    def _rewritten_in_place(self, place: Place, way: tuple[int, ...]) -> Any:
        """Return the schema without a reference at its top, because nothing may stand beside one."""
        if not isinstance(place.schema, dict) or "$ref" not in place.schema:
            return self._rewritten(place, way)
        beside, target = refuse_narrowing(place), place.followed()
        refuse_circles(place, target, way)
        return written_out(self._rewritten_in_place(target, (*way, id(target.schema)))) | beside


def _name(reference: str, target: Place) -> str | None:
    """Return the name of a definition in a versioned file; None for any other target of a reference."""
    file, definition = FILE.fullmatch(target.file), DEFINITION.fullmatch(reference)
    return f"{file['name']}.{definition['name']}.v{file['version']}" if file and definition else None
