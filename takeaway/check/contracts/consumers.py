"""Who reads which fields of which events, as each consumer declares it in CONSUMES of its consumed_events.py."""

import json
import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, NamedTuple

from shared.schema_tools.fields import fields_of
from shared.schema_tools.references import BadReference, resolved
from takeaway import programs
from takeaway.errors import TakeawayError

DECLARATIONS = Path(__file__).with_name("declarations.py")
OF_THE_DETAIL = "detail."
NAME = re.compile(r"[\w.*-]+@[\w*]+\.v(\d+|\*)")
EXPECTED = 'expected CONSUMES = {"takeaway.orders@order_completed.v1": ItsModel}'


@dataclass(frozen=True)
class Use:
    """One field that a consumer reads; `needed` if it can't read the event without.

    `before` if it reads it no more: then that is still what is deployed.
    """

    consumer: str
    field: str
    needed: bool
    model: str
    file: str
    before: bool = False


class Complaint(NamedTuple):
    """Why a model refuses an event: where (as its library says it), of which kind, and in words."""

    loc: tuple[str | int, ...]
    type: str
    msg: str


@dataclass(frozen=True)
class Model:
    """What an event is read with: its fields by their path in `detail`, each with whether it must be there."""

    name: str
    fields: Mapping[str, bool]
    whole: frozenset[str]  # those of which everything below is read, whatever it is
    schemas: Mapping[str, Any] = field(default_factory=dict)  # of each, what it may be, as JSON Schema
    indirect: bool = False  # a field may be read from a place that is not among `fields`
    answers: Mapping[str, Sequence[Sequence[Complaint]]] = field(default_factory=dict)  # to what it was asked to read


@dataclass(frozen=True)
class Consumer:
    name: str
    file: str
    # by "takeaway.orders@order_completed.v1"; "takeaway.orders@*.v1" is any event for which there is nothing closer
    reads: Mapping[str, Model]

    def declared(self, event: str) -> str | None:
        """The closest of its declarations by which it reads an event, if it reads it."""
        return max((each for each in self.reads if fnmatchcase(event, each)), key=len, default=None)

    def model(self, event: str) -> Model | None:
        """What it reads an event with, if it reads it."""
        declared = self.declared(event)
        return self.reads[declared] if declared else None

    def uses(self, event: str, path: str) -> list[Use]:
        """The fields that it reads of those which are at this path of the event, or below it; "" is all of it."""
        model = self.model(event)
        if not model:
            return []
        return [Use(self.name, field, needed, model.name, self.file) for field, needed in model.fields.items()
                if within(field, path) or (field in model.whole and within(path, field))]  # fmt: skip


def within(field: str, path: str) -> bool:
    """Whether a field is at a path, or below it."""
    return not path or field == path or field.startswith((f"{path}.", f"{path}["))


def uses(of: Sequence[Consumer], event: str, path: str) -> list[Use]:
    """Every use that anybody makes of what is at a path."""
    return [use for consumer in of for use in consumer.uses(event, path)]


class UnreadableConsumer(TakeawayError):
    """A consumer does not say what it reads."""


def consumers(tree: Path, events: Mapping[str, list[Any]] | None = None, only: str | None = None) -> list[Consumer]:
    """Everyone in this tree who has a consumed_events.py, or `only` one of them. Raises UnreadableConsumer.

    Each model is asked to read those of the `events` that it is declared for, by their names.
    """
    command = [sys.executable, "-I", str(DECLARATIONS), str(tree)]
    told = programs.done(command, what="finding out what consumers read", text=json.dumps(events or {}))
    if told.returncode:
        last = told.stderr.strip().rpartition("\n")[2]
        raise UnreadableConsumer(f"What consumers read could not be found out: {last or 'the process says nothing'}")
    return [_consumer(each) for each in json.loads(told.stdout) if only in (None, each["consumer"])]


def _consumer(told: dict[str, Any]) -> Consumer:
    if told["error"]:
        raise UnreadableConsumer(f"{told['file']} does not say what it reads: {EXPECTED} ({told['error']})")
    for event in told["reads"]:
        if not NAME.fullmatch(event):
            raise UnreadableConsumer(f"{told['file']} does not say whose {event} it reads: {EXPECTED}")
    try:
        reads = {event: _model(each) for event, each in told["reads"].items()}
    except BadReference as error:
        raise UnreadableConsumer(f"{told['file']} reads an event with a model that never ends: {error}") from None
    return Consumer(told["consumer"], told["file"], reads)


def _model(told: dict[str, Any]) -> Model:
    name = told["model"]
    flat = resolved(name, {name: told["schema"]}.__getitem__)
    found = {path.removeprefix(OF_THE_DETAIL): field for path, field in fields_of(flat).items()
             if path.startswith(OF_THE_DETAIL)}  # fmt: skip
    leaves = {path for path in found if not any(other != path and within(other, path) for other in found)}
    whole = {path for path in leaves if found[path].schema.get("type", "object") in ("object", "array")}
    return Model(
        name,
        {path: field.required for path, field in found.items() if path in leaves},
        frozenset(whole),
        {path: field.schema for path, field in found.items()},
        told["indirect"],
        {event: [[Complaint(tuple(each["loc"]), each["type"], each["msg"]) for each in answer] for answer in answers]
         for event, answers in told["answers"].items()},
    )  # fmt: skip
