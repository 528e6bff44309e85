"""Find the fields of events that each consumer reads, as declared in CONSUMES of its consumed_events.py."""

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
    """A field that a consumer reads; `needed` if its model requires it.

    `before` is True if only the earlier revision reads it, which is still deployed.
    """

    consumer: str
    field: str
    needed: bool
    model: str
    file: str
    before: bool = False


class Complaint(NamedTuple):
    """The reason why a model refuses an event: pydantic's `loc`, type and message."""

    loc: tuple[str | int, ...]
    type: str
    msg: str


@dataclass(frozen=True)
class Model:
    """A consumer's model of an event. `fields` has their paths in `detail`; True if the field is required."""

    name: str
    fields: Mapping[str, bool]
    whole: frozenset[str]  # fields that are read with everything inside them
    # By path: the values that the model accepts, as JSON Schema.
    schemas: Mapping[str, Any] = field(default_factory=dict)
    indirect: bool = False  # aliases: a field may be read from a place that `fields` lacks
    # By event: the model's complaints about each probe.
    answers: Mapping[str, Sequence[Sequence[Complaint]]] = field(default_factory=dict)


@dataclass(frozen=True)
class Consumer:
    name: str
    file: str
    # Models by event, such as "takeaway.orders@order_completed.v1", or by pattern, such as "takeaway.orders@*.v1".
    reads: Mapping[str, Model]

    def declared(self, event: str) -> str | None:
        """Return the most specific declaration that matches an event; None if the consumer does not read it."""
        return max((each for each in self.reads if fnmatchcase(event, each)), key=len, default=None)

    def model(self, event: str) -> Model | None:
        """Return the model that reads an event; None if the consumer does not read it."""
        declared = self.declared(event)
        return self.reads[declared] if declared else None

    def uses(self, event: str, path: str) -> list[Use]:
        """Return the fields that it reads at a path of the event or below it; path "" is the whole event."""
        model = self.model(event)
        if not model:
            return []
        return [Use(self.name, field, needed, model.name, self.file) for field, needed in model.fields.items()
                if within(field, path) or (field in model.whole and within(path, field))]  # fmt: skip


def within(field: str, path: str) -> bool:
    """True if a field is at the path or below it."""
    return not path or field == path or field.startswith((f"{path}.", f"{path}["))


def uses(of: Sequence[Consumer], event: str, path: str) -> list[Use]:
    """Return every consumer's uses of a path of an event."""
    return [use for consumer in of for use in consumer.uses(event, path)]


class UnreadableConsumer(TakeawayError):
    """Raised for a consumed_events.py that can't be imported, or does not declare what it reads."""


def consumers(tree: Path, events: Mapping[str, list[Any]] | None = None, only: str | None = None) -> list[Consumer]:
    """Return all consumers of a tree, or `only` one: each has a consumed_events.py. Raises UnreadableConsumer.

    Each model is asked to read those of the probe `events` that it is declared for.
    """
    command = [sys.executable, "-I", str(DECLARATIONS), str(tree)]
    told = programs.done(command, what="finding out what consumers read", text=json.dumps(events or {}))
    if told.returncode:
        last = told.stderr.strip().rpartition("\n")[2]
        raise UnreadableConsumer(
            f"The declarations of consumers could not be read: {last or 'the process printed no error'}"
        )
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
        raise UnreadableConsumer(f"{told['file']} reads an event with a recursive model: {error}") from None
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
