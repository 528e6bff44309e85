"""The publishers of each event, read off the runs of functions: from which state, and with which values."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from contexts.orders.published_events import Event, event_of
from contexts.orders.rehearsal.execution import Run


@dataclass(frozen=True)
class Publisher:
    """A place from which an event is published.

    `records` is true if the change happens there. Otherwise an earlier step recorded it, and it is published again
    because that step may have crashed before it could. `says` has the texts in the event's data, by field.
    """

    event_type: str
    state: str | None  # None: the function is no state of the workflow
    function: str
    records: bool
    says: dict[str, list[str]]


def publishers(runs: Iterable[Run]) -> list[Publisher]:
    """Return one Publisher for each event, state and function."""
    places: dict[tuple[str, str | None, str], list[tuple[Run, Event]]] = defaultdict(list)
    for run in runs:
        for event in run.published:
            places[event.type, run.state, run.function].append((run, event))
    return [_publisher(*place, found) for place, found in places.items()]


def causes(runs: Iterable[Run]) -> dict[str, list[str | None]]:
    """Return for each event the events that its causation_id may name; None if it may be the first of its order."""
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
    """Tell whether the run that published the event has also recorded its change."""
    new = run.after.changes.keys() - run.before.changes.keys()
    return event.event_id in {event_of(run.after, change).event_id for change in new}


def _texts(node: Any, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(node, str):
        yield path, node
    elif isinstance(node, dict):
        for name, value in node.items():
            yield from _texts(value, f"{path}.{name}")
