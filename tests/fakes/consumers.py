"""Every consumer of this repository as it is in the code: found by its file, not by a list."""

import importlib
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from pydantic import TypeAdapter

from shared import schema_tools
from takeaway.paths import REPOSITORY


@dataclass(frozen=True)
class Reading:
    """One event in one version as one consumer reads it."""

    consumer: str
    event_type: str
    version: int
    source: str
    model: Any

    @property
    def event(self) -> tuple[str, int, str]:
        return self.event_type, self.version, self.source

    @property
    def example(self) -> dict[str, Any]:
        return schema_tools.example(*self.event)

    def read(self, body: str) -> Any:
        """Read a body with the declared model, and nothing else of the consumer."""
        return TypeAdapter(self.model).validate_json(body)

    def __str__(self) -> str:
        return f"{self.consumer}-{self.event_type}.v{self.version}"


def readings() -> list[Reading]:
    """Return each consumer with each published event that it declares; the most specific declaration counts."""
    found = []
    for path in sorted(
        [*REPOSITORY.glob("contexts/*/consumed_events.py"), *REPOSITORY.glob("takeaway/*/consumed_events.py")]
    ):
        module = importlib.import_module(".".join(path.relative_to(REPOSITORY).with_suffix("").parts))
        for event in schema_tools.events():
            declared = [each for each in module.CONSUMES if fnmatchcase(schema_tools.name_of(*event), each)]
            if declared:
                model = module.CONSUMES[max(declared, key=len)]
                found.append(Reading(path.parent.name, *event, model))
    return found
