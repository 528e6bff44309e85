"""Which fields of which events are read, and by whom; pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase


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


@dataclass(frozen=True)
class Model:
    """What an event is read with: its fields by their path in `detail`, each with whether it must be there."""

    name: str
    fields: Mapping[str, bool]
    whole: frozenset[str]  # those of which everything below is read, whatever it is


@dataclass(frozen=True)
class Consumer:
    name: str
    file: str
    reads: Mapping[str, Model]  # by "order_completed.v1"; "*.v1" is any event for which there is nothing closer

    def model(self, event: str) -> Model | None:
        """What it reads an event with, if it reads it."""
        matching = sorted((each for each in self.reads if fnmatchcase(event, each)), key=len)
        return self.reads[matching[-1]] if matching else None

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
