"""The schemas of a tree: those of the work tree, or of a revision that was read from git."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError

from shared.schemas import DEFINITIONS, FILE
from shared.schemas.references import BadReference, resolved
from takeaway.errors import TakeawayError

FOLDER = "shared/schemas"
SUNSET = "x-sunset"  # in a schema: the day until which its version is published for sure
Schema = dict[str, Any]


class BrokenSchema(TakeawayError):
    """A file is no JSON, no JSON Schema, or refers to nothing."""


@dataclass(frozen=True)
class Published:
    """The events of every source: their schemas, references followed, by "order_completed.v1"."""

    schemas: Mapping[str, Schema]

    def versions(self, event_type: str) -> list[int]:
        """Which versions of an event there are."""
        names = (name.rpartition(".v") for name in self.schemas)
        return sorted(int(version) for name, _, version in names if name == event_type)


def published(files: Mapping[str, bytes], *, where: str = "") -> Published:
    """The events among the files of a tree; `where` says of which one in a message. Raises BrokenSchema."""
    found: dict[str, Schema] = {}
    documents = {path: _parsed(path, content, where) for path, content in files.items() if _is_schema(path)}
    for path in sorted(documents):
        folder, _, name = path.rpartition("/")
        if (file := FILE.fullmatch(name)) and file["name"] != DEFINITIONS:
            try:
                schema = resolved(name, lambda other, folder=folder: documents[f"{folder}/{other}"])  # type: ignore[misc]
                Draft202012Validator.check_schema(schema)
                date.fromisoformat(schema.get(SUNSET, "9999-12-31"))
            except BadReference as error:
                raise BrokenSchema(f"{folder}/{error}{where}") from None
            except SchemaError as error:
                raise BrokenSchema(f"{path}{where} is no JSON Schema: {error.json_path}: {error.message}") from None
            except (TypeError, ValueError):
                raise BrokenSchema(f"{path}{where}: {SUNSET} is no day: expected one such as 2027-03-01") from None
            found[f"{file['name']}.v{file['version']}"] = schema
    return Published(found)


def _is_schema(path: str) -> bool:
    folder, _, name = path.rpartition("/")
    return folder.startswith(f"{FOLDER}/") and bool(FILE.fullmatch(name))


def _parsed(path: str, content: bytes, where: str) -> Schema:
    try:
        document = json.loads(content)
    except ValueError as error:
        raise BrokenSchema(f"{path}{where} is no JSON: {error}") from None
    if not isinstance(document, dict):
        raise BrokenSchema(f"{path}{where} is no JSON Schema: expected an object")
    return document
