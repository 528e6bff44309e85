"""Read the map's rooms: the deployed contexts, the events that each listens to, and the depth of its queue."""

import json
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

from shared import schema_tools
from shared.asl.graph import StateMachine, awaits_callback
from takeaway.drawing.in_code import InCode, is_code
from takeaway.facts import Publisher, facts_of
from takeaway.run.client.readers import Entry
from takeaway.run.client.system import System
from takeaway.run.console.looking import neighbours_of
from takeaway.run.console.shared_answers import Once

MESSAGE = "message_to_restaurant"  # the journal's name for it
TOLD = "user_notified"
PATTERN_GOOD_FOR = 3600  # seconds for which it is known what a pattern matches; another pattern is asked about at once


class Place(NamedTuple):
    """A state of the workflow that publishes or waits; without a workflow, the place that an event comes from."""

    name: str
    events: Sequence[str]
    waits: bool = False


class Room(NamedTuple):
    """A neighbour, with the events that its rule matches."""

    name: str
    listens: Sequence[str]


class Depths(NamedTuple):
    waiting: int
    dead: int
    is_out: bool


def rooms_of(system: System, once: Once) -> list[Room]:
    """Return a room for each neighbour that is deployed now. EventBridge is asked about a rule only when it is new."""
    events = system.target.client("events")

    def listens(context: str) -> list[str]:
        pattern = _pattern(system, context)
        found: list[str] = once(("listens", pattern), lambda: _matched(events, pattern), good_for=PATTERN_GOOD_FOR)
        return found

    return [Room(name, listens(name)) for name in neighbours_of(system)]


def _steps_of(definition: str) -> tuple[list[str], set[str]]:
    """Return the names of all steps, the main way first, and the set of those that wait for somebody."""
    if is_code(definition):
        code = InCode.read(definition)
        return [*code.steps], {*code.waits}
    machine = StateMachine.parse(definition)
    main = machine.main_path()
    waits = {name for name, state in machine.states.items() if awaits_callback(state)}
    return [*main, *(name for name in machine.states if name not in main)], waits


def places_of(system: System) -> list[Place]:
    """List the workflow's places in its order, the main path first; without a workflow one for each event."""
    published = _published()
    if not system.has_workflow:
        return [Place(event, [event]) for event in schema_tools.event_types()]
    names, waits = _steps_of(system.workflow.definition)
    found = [
        Place(
            name,
            [each.event_type for each in published if each.state == name],
            name in waits,
        )
        for name in names
    ]
    return [place for place in found if place.events or place.waits]


def place_of(entry: Entry, places: Sequence[Place]) -> str | None:
    """Return the place that publishes an entry, by the facts of orders; None if none is known.

    A message to the restaurant comes from the place that publishes restaurant_notified.
    """
    name = "restaurant_notified" if entry.name == MESSAGE else entry.name
    there = {place.name for place in places}
    if name in there:
        return name
    said = entry.content.get("reason")
    candidates = [each for each in _published() if each.event_type == name and each.state in there]
    exact = [each for each in candidates if name != TOLD or said in each.says.get("data.reason", ())]
    return next((each.state for each in [*exact, *candidates]), None)


def depths(system: System, rooms: Sequence[Room]) -> Mapping[str, Depths]:
    found = {}
    for room in rooms:
        subscription = system.subscription(room.name)
        queue, letters = subscription.queue.depth(), subscription.dead_letters.depth()
        found[room.name] = Depths(sum(queue), sum(letters), subscription.is_out)
    return found


@cache
def _published() -> list[Publisher]:
    return [each for each in facts_of("orders").publishers if each.records and each.state]


def _pattern(system: System, context: str) -> str:
    """Read the event pattern of the context's rule, as JSON."""
    rule, bus = system.subscription(context).rule, system.stacks.output("bus", "BusName")
    return str(system.target.client("events").describe_rule(Name=rule, EventBusName=bus)["EventPattern"])


def _matched(events: Any, pattern: str) -> list[str]:
    """List the events that a rule's pattern matches: EventBridge tests it with an example of each."""
    return [
        event_type
        for event_type, version, source in schema_tools.events()
        if version == 1 and _lets_in(events, pattern, schema_tools.example(event_type, version, source))
    ]


def _lets_in(events: Any, pattern: str, example: Mapping[str, Any]) -> bool:
    return bool(events.test_event_pattern(EventPattern=pattern, Event=json.dumps(example))["Result"])
