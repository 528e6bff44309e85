"""Who publishes an event, from which state of the workflow and with which values: read off the runs of functions."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from contexts.orders.published_events import Event, event_of
from contexts.orders.rehearsal.execution import Run


@dataclass(frozen=True)
class Publisher:
    """A place from which an event is published.

    `records` says that the change happens there; otherwise an earlier step recorded it, and it is published once more
    because that step may not have come to it. `says` has the texts that are in the event's data, by field.
    """

    event_type: str
    state: str | None  # None: the function is no state of the workflow
    function: str
    records: bool
    says: dict[str, list[str]]


def publishers(runs: Iterable[Run]) -> list[Publisher]:
    """One for each event, state and function."""
    places: dict[tuple[str, str | None, str], list[tuple[Run, Event]]] = defaultdict(list)
    for run in runs:
        for event in run.published:
            places[event.type, run.state, run.function].append((run, event))
    return [_publisher(*place, found) for place, found in places.items()]


def causes(runs: Iterable[Run]) -> dict[str, list[str | None]]:
    """For each event the events that its causation_id may name; None where it may be the first of its order."""
    found: dict[str, set[str | None]] = defaultdict(set)
    for run in runs:
        types = {event_of(run.after, change).event_id: str(change.type) for change in run.after.changes}
        for event in run.published:
            found[event.type].add(types.get(event.detail["metadata"]["causation_id"]))
    return {event_type: sorted(its_causes, key=str) for event_type, its_causes in found.items()}


def _publisher(event_type: str, state: str | None, function: str, found: list[tuple[Run, Event]]) -> Publisher:
    recorded = [event for run, event in found if _records(run, event)]
    says: dict[str, set[str]] = defaultdict(set)
    for event in recorded or [event for _, event in found]:
        for path, text in _texts(event.detail["data"], "data"):
            says[path].add(text)
    return Publisher(
        event_type,
        state,
        function,
        records=bool(recorded),
        says={path: sorted(values) for path, values in sorted(says.items())},
    )


def _records(run: Run, event: Event) -> bool:
    """The change that the event tells of was recorded by the very run that published it."""
    new = run.after.changes.keys() - run.before.changes.keys()
    return event.event_id in {event_of(run.after, change).event_id for change in new}


def _texts(node: Any, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(node, str):
        yield path, node
    elif isinstance(node, dict):
        for name, value in node.items():
            yield from _texts(value, f"{path}.{name}")
