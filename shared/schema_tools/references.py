"""Resolution of references: a schema's meaning without looking into another file."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urldefrag

from referencing import Registry, Resource
from referencing.exceptions import NoSuchResource, Unresolvable
from referencing.jsonschema import DRAFT202012

from shared.schema_tools.keywords import (
    DEFINITIONS,
    DIALECT,
    PLACES,
    Schema,
    is_annotation,
    mapped,
    places,
    written_out,
)

if TYPE_CHECKING:
    from referencing._core import Resolver

Read = Callable[[str], Any]


class BadReference(ValueError):
    """A reference leads nowhere or in circles, or is narrowed where it is used."""


@dataclass(frozen=True)
class Place:
    """A schema, the file that it is in, and the base of its references."""

    schema: Any
    file: str
    resolver: "Resolver[Any]"

    def inside(self, schema: Any) -> "Place":
        """Return the place of a schema that is directly inside this one."""
        below = self.resolver.in_subresource(DRAFT202012.create_resource(schema))
        return replace(self, schema=schema, resolver=below)

    def followed(self) -> "Place":
        """Return the target of this schema's `$ref`. Raises BadReference."""
        reference = self.schema["$ref"]
        try:
            url, fragment = urldefrag(reference)
            document = self.resolver.lookup(url or "#").contents
            if fragment.startswith("/") and unquote(fragment) not in dict(places(document)):
                raise BadReference(f"{self.file}: {reference} leads nowhere: there is no schema at {fragment}")
            found = self.resolver.lookup(reference)
        except Unresolvable as error:
            raise _told(error) or BadReference(f"{self.file}: {reference} leads nowhere") from None
        except BadReference:
            raise
        except ValueError as error:
            raise BadReference(f"{self.file}: {reference} is no reference: {error}") from None
        return Place(found.contents, url.rpartition("/")[2] or self.file, found.resolver)


def opened(file: str, read: Read) -> Place:
    """Return the schema of a file.

    It may refer to files beside it, whose documents `read` returns by name. Raises BadReference.
    """
    root = _checked(file, read(file))
    folder = _id(root).rpartition("/")[0]

    @cache  # schemas are compared by identity, so each document is read once
    def retrieve(uri: str) -> "Resource[Any]":
        name = uri.removeprefix(f"{folder}/") if folder else uri
        if "/" in name:
            raise NoSuchResource(ref=uri)  # type: ignore[call-arg]
        try:
            found = _checked(name, read(name))
        except LookupError:
            raise NoSuchResource(ref=uri) from None  # type: ignore[call-arg]
        if _id(found) not in ("", uri):
            raise BadReference(f"{name} says that its $id is {_id(found)}: expected {uri}")
        return DRAFT202012.create_resource(found)

    registry: Registry[Any] = Registry(retrieve=retrieve)  # type: ignore[call-arg]
    return Place(root, file, registry.resolver_with_root(DRAFT202012.create_resource(root)))


def resolved(file: str, read: Read) -> Schema:
    """Return the schema of a file with each reference replaced by its target. Raises BadReference.

    `read` returns the document of a file name. Keywords beside a reference, such as a closer description, win.
    """
    place = opened(file, read)
    return written_out(_flat(place, (id(place.schema),)))


def refuse_narrowing(place: Place) -> Schema:
    """Return the descriptions beside a reference, the only keywords that may stand there. Raises BadReference."""
    beside = {key: value for key, value in place.schema.items() if key != "$ref" and key not in PLACES}
    if narrowing := sorted(key for key in beside if not is_annotation(key)):
        raise BadReference(
            f"{place.file}: {', '.join(narrowing)} beside {place.schema['$ref']}: only what describes may stand there"
        )
    return beside


def refuse_circles(place: Place, target: Place, way: tuple[int, ...]) -> None:
    if id(target.schema) in way and isinstance(target.schema, dict):
        raise BadReference(f"{place.file}: {place.schema['$ref']} refers to itself")


def _flat(place: Place, way: tuple[int, ...]) -> Any:
    """Return the schema with references replaced. `way` has the ids of the schemas that were followed to get here."""
    schema = place.schema
    if isinstance(schema, bool):
        return schema
    if "$ref" in schema:
        beside, target = refuse_narrowing(place), place.followed()
        refuse_circles(place, target, way)
        found = _flat(target, (*way, id(target.schema)))
        return written_out(found) | beside if beside else found
    said = {keyword: value for keyword, value in schema.items() if keyword not in DEFINITIONS | {"$anchor"}}
    return mapped(said, lambda inner: _flat(place.inside(inner), way))


def _checked(file: str, document: Any) -> Any:
    """Return the document if it is in draft 2020-12, because another dialect reads the same words differently.

    Raises BadReference.
    """
    for pointer, schema in places(document):
        dialect = schema.get("$schema", DIALECT) if isinstance(schema, dict) else DIALECT
        if dialect != DIALECT:
            raise BadReference(f"{file}: $schema at {pointer or 'its top'} is {dialect}: expected {DIALECT}")
    return document


def _id(document: Any) -> str:
    return str(document.get("$id", "")) if isinstance(document, dict) else ""


def _told(error: BaseException | None) -> BadReference | None:
    """Return the BadReference among the causes of a resolver's error, if there is one."""
    while error is not None and not isinstance(error, BadReference):
        error = error.__cause__
    return error
