"""Who publishes an event, from which state of the workflow and with which values: read off the walk."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from contexts.orders.published_events import event_of
from shared.schemas.fields import fields
from takeaway.docs.events.walk import Publication


@dataclass(frozen=True)
class Publisher:
    """A place from which an event is published.

    `records` says that the change happens there; otherwise an earlier step recorded it, and it is published once more
    because that step may not have come to it. `says` has what fields with a closed list of values say from there.
    """

    event_type: str
    state: str | None
    function: str
    records: bool
    says: dict[str, tuple[str, ...]]


def publishers(publications: Iterable[Publication]) -> list[Publisher]:
    """One for each event, state and function."""
    places: dict[tuple[str, str | None, str], list[Publication]] = defaultdict(list)
    for each in publications:
        places[each.event.type, each.state, each.function].append(each)
    return [_publisher(*place, found) for place, found in places.items()]


def causes(publications: Iterable[Publication]) -> dict[str, set[str | None]]:
    """For each event the events that its causation_id may name; None where it may be the first of its order."""
    found: dict[str, set[str | None]] = defaultdict(set)
    for each in publications:
        types = {event_of(each.after, change).event_id: str(change.type) for change in each.after.changes}
        found[each.event.type].add(types.get(each.event.detail["metadata"]["causation_id"]))
    return found


def _publisher(event_type: str, state: str | None, function: str, found: list[Publication]) -> Publisher:
    recorded = [each for each in found if _records(each)]
    says: dict[str, set[str]] = defaultdict(set)
    for each in recorded or found:
        for path in _closed(event_type, each.event.detail["metadata"]["schema_version"]):
            says[path].add(str(_at(each.event.detail, path)))
    return Publisher(
        event_type,
        state,
        function,
        records=bool(recorded),
        says={path: tuple(sorted(values)) for path, values in says.items()},
    )


@cache
def _closed(event_type: str, version: int) -> list[str]:
    """The fields whose values are a closed list."""
    return [path for path, field in fields(event_type, version).items() if "enum" in field.schema]


def _records(publication: Publication) -> bool:
    """The change that the event tells of was recorded by the very run that published it."""
    new = publication.after.changes.keys() - publication.before.changes.keys()
    return publication.event.event_id in {event_of(publication.after, change).event_id for change in new}


def _at(detail: dict[str, Any], path: str) -> Any:
    node: Any = detail
    for step in path.split("."):
        node = node[step]
    return node
