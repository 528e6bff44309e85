"""A schema in one piece, for those who can't follow a reference to another file: registries, catalogues, documents."""

import re
from dataclasses import dataclass, field
from typing import Any

from shared.schema_tools import FILE, document, file_of, source_of
from shared.schema_tools.keywords import PLACES, Schema, mapped, written_out
from shared.schema_tools.references import Place, opened, refuse_circles, refuse_narrowing

DEFINITION = re.compile(r".*#/\$defs/(?P<name>[\w-]+)")  # what every document can take as a name


@dataclass
class Bundle:
    """`schema` refers to nothing but `definitions`, each of which is named after its file, itself, and the version.

    An event has no dot in its name: a definition can't take the place of one.
    """

    schema: Schema
    definitions: dict[str, Schema] = field(default_factory=dict)


def bundled(event_type: str, version: int = 1, source: str | None = None, *, at: str = "#/definitions/") -> Bundle:
    """The schema of an event's `detail`; `at` is where the definitions will stand. Raises UnknownEvent.

    What stands beside a reference (a closer description) counts in JSON Schema from 2019 on. For older dialects, which
    ignore it, such a reference is replaced by what it refers to.
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
        """`way` has the schemas that stand in the place of a reference to them."""
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
        """Without a reference at its top, beside which nothing can be said."""
        if not isinstance(place.schema, dict) or "$ref" not in place.schema:
            return self._rewritten(place, way)
        beside, target = refuse_narrowing(place), place.followed()
        refuse_circles(place, target, way)
        return written_out(self._rewritten_in_place(target, (*way, id(target.schema)))) | beside


def _name(reference: str, target: Place) -> str | None:
    """Of a definition of a file that says its version; None for anything else that is referred to."""
    file, definition = FILE.fullmatch(target.file), DEFINITION.fullmatch(reference)
    return f"{file['name']}.{definition['name']}.v{file['version']}" if file and definition else None
