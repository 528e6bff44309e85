"""Read the event schemas of a tree: the work tree's, or those of a git revision."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError

from shared.schema_tools import DEFINITIONS, FILE, name_of
from shared.schema_tools.keywords import Schema
from shared.schema_tools.references import BadReference, resolved
from takeaway.check.contracts.canonical import parsed
from takeaway.errors import TakeawayError

FOLDER = "shared/schemas"
SUNSET = "x-sunset"  # the date until which this version will be published


class BrokenSchema(TakeawayError):
    """Raised for a schema file that is not JSON or JSON Schema, or has a reference that leads nowhere."""


@dataclass(frozen=True)
class Published:
    """All events' schemas with references resolved, by name, such as "takeaway.orders@order_completed.v1"."""

    schemas: Mapping[str, Schema]

    def beside(self, name: str) -> list[int]:
        """Return the other versions of an event."""
        event, _, version = name.rpartition(".v")
        names = (each.rpartition(".v") for each in self.schemas)
        return sorted(int(other) for its, _, other in names if its == event and other != version)


def called(name: str, among: Iterable[str]) -> str:
    """Shorten an event's name for people: without its source, unless two sources have an event of that name."""
    _, _, short = name.partition("@")
    return short if sum(each.endswith(f"@{short}") for each in set(among)) < 2 else name  # noqa: PLR2004


def in_the_work_tree(folder: Path) -> dict[str, bytes]:
    """Read the schemas, examples and counter-examples of a tree, by path."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in (folder / FOLDER).rglob("*.json")}


def published(files: Mapping[str, bytes], *, where: str = "") -> Published:
    """Read the events among a tree's files; `where` names the tree in messages. Raises BrokenSchema."""
    found: dict[str, Schema] = {}
    documents = {path: _parsed(path, content, where) for path, content in files.items() if _is_schema(path)}
    for path in sorted(documents):
        folder, _, name = path.rpartition("/")
        if (file := FILE.fullmatch(name)) and file["name"] != DEFINITIONS:
            source = folder.removeprefix(f"{FOLDER}/")
            found[name_of(file["name"], int(file["version"]), source)] = _schema(documents, folder, name, where)
    return Published(found)


def _schema(documents: Mapping[str, Schema], folder: str, name: str, where: str) -> Schema:
    path = f"{folder}/{name}"
    try:
        schema = resolved(name, lambda other: documents[f"{folder}/{other}"])
        _check(path, schema, where)
        day = schema.get(SUNSET, "9999-12-31")
        if date.fromisoformat(day).isoformat() != day:
            raise ValueError
    except BadReference as error:
        raise BrokenSchema(f"{folder}/{error}{where}") from None
    except (TypeError, ValueError):
        raise BrokenSchema(f"{path}{where}: {SUNSET} is no day: expected one such as 2027-03-01") from None
    return schema


def _check(path: str, schema: Any, where: str) -> None:
    try:
        Draft202012Validator.check_schema(schema)
    except SchemaError as error:
        raise BrokenSchema(f"{path}{where} is no JSON Schema: {error.json_path}: {error.message}") from None


def _is_schema(path: str) -> bool:
    folder, _, name = path.rpartition("/")
    return folder.startswith(f"{FOLDER}/") and bool(FILE.fullmatch(name))


def _parsed(path: str, content: bytes, where: str) -> Schema:
    try:
        document = parsed(content)
    except (ValueError, RecursionError) as error:
        raise BrokenSchema(f"{path}{where} is no JSON: {error}") from None
    if not isinstance(document, dict):
        raise BrokenSchema(f"{path}{where} is no JSON Schema: expected an object")
    _check(path, document, where)
    if not str(document.get("$id", path)).endswith(path.removeprefix(FOLDER)):
        raise BrokenSchema(f"{path}{where}: its $id is {document['$id']}: expected one that ends in its own path")
    return document
