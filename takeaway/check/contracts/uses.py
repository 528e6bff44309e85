"""Which fields of which events are read, and by whom; pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any, NamedTuple


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
