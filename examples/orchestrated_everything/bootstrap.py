"""The composition root: orders' own adapters, with no bus behind the port Events."""

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property

from contexts.orders.bootstrap import Production
from contexts.orders.published_events import Event
from contexts.orders.settings import Settings


@dataclass
class HandedOn:
    """Implements the port Events: keeps the events for the workflow, which passes them on to the neighbours."""

    kept: list[Event] = field(default_factory=list)

    def publish(self, events: Sequence[Event]) -> None:
        self.kept += events

    def take(self) -> list[Event]:
        taken, self.kept = self.kept, []
        return taken


class Orchestrated(Production):
    """Implements application.ports.Ports, as Production does."""

    @cached_property
    def events(self) -> HandedOn:
        return HandedOn()


@cache
def orchestrated() -> Orchestrated:
    """Return the ports that handlers use: one object per process."""
    return Orchestrated(Settings(os.environ))
