"""Everything that is documented of the events, put together from its four sources; pages and AsyncAPI only write it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from shared import schema_tools
from shared.asl.graph import StateMachine
from shared.schema_tools.fields import fields
from takeaway.contracts.consumers import consumers
from takeaway.contracts.uses import Consumer
from takeaway.docs.events.rules import Rule, rules_of
from takeaway.facts import Facts, Publisher, facts_of
from takeaway.templates.assembly import Stacks, synthesized
from takeaway.templates.stack import EVENT_BUS

DEFINITION = "contexts/orders/workflow/order.asl.json"


@dataclass(frozen=True)
class Event:
    """One type of event. `versions` are those that have a schema, `publishers` the places that put it on the bus."""

    type: str
    versions: tuple[int, ...]
    publishers: tuple[Publisher, ...]
    may_be_first: bool
    causes: tuple[str, ...]
    effects: tuple[str, ...]
    subscriptions: tuple[Rule, ...]

    @property
    def latest(self) -> int:
        return self.versions[-1]

    @cached_property
    def description(self) -> str:
        return str(schema_tools.load(self.type, self.latest)["description"])


@dataclass(frozen=True)
class Catalogue:
    """`rules` are all rules of all stacks, also those that listen to the default bus; names have the stage `stage`.

    `readers` have declared which fields of which events they read.
    """

    source: str
    bus: str
    events: tuple[Event, ...]
    rules: tuple[Rule, ...]
    readers: tuple[Consumer, ...] = ()

    @property
    def subscriptions(self) -> tuple[Rule, ...]:
        """What listens to the bus."""
        return tuple(rule for rule in self.rules if rule.bus == self.bus)

    def any_stage(self, name: str, mark: str = "<stage>") -> str:
        """A name of the deployment that was read, with a mark where it has its stage."""
        return name.replace(self.bus, f"{self.bus.rpartition('-')[0]}-{mark}")

    def trigger_of(self, function: str) -> Rule:
        """The rule that calls a function which is no state of the workflow. Raises LookupError."""
        for rule in self.rules:
            if rule.function == function:
                return rule
        raise LookupError(f"{function} publishes events, but no rule and no state calls it")

    def heard_by(self, rule: Rule) -> tuple[Event, ...]:
        return tuple(event for event in self.events if rule in event.subscriptions)

    def messages(self, rule: Rule | None = None) -> list[tuple[Event, int]]:
        """Each event in each version, or those that a rule takes."""
        return [
            (event, version)
            for event in self.events
            for version in event.versions
            if rule is None or rule.takes(self.source, event.type, version)
        ]


def catalogue(root: Path) -> Catalogue:
    """From the repository as it is. Synthesizes the templates."""
    machine = StateMachine.parse((root / DEFINITION).read_text(encoding="utf-8"))
    found = assembled(facts_of("orders", root), machine, synthesized())
    return replace(found, readers=tuple(consumers(root)))


def assembled(facts: Facts, machine: StateMachine, stacks: Stacks) -> Catalogue:
    places = _in_order_of(machine, [_with_closed_lists(place) for place in facts.publishers])
    causes = facts.causes
    rules = tuple(rules_of(stacks))
    bus = _bus_of(stacks)

    def takes(rule: Rule, event_type: str, versions: tuple[int, ...]) -> bool:
        return rule.bus == bus and any(rule.takes(schema_tools.SOURCE, event_type, version) for version in versions)

    def event(event_type: str) -> Event:
        versions = tuple(version for name, version in schema_tools.events() if name == event_type)
        return Event(
            type=event_type,
            versions=versions,
            publishers=tuple(place for place in places if place.event_type == event_type),
            may_be_first=None in causes[event_type],
            causes=_listed(causes[event_type]),
            effects=_listed(effect for effect, its_causes in causes.items() if event_type in its_causes),
            subscriptions=tuple(rule for rule in rules if takes(rule, event_type, versions)),
        )

    return Catalogue(schema_tools.SOURCE, bus, tuple(event(each) for each in schema_tools.EVENT_TYPES), rules)


def _listed(event_types: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(sorted(filter(None, event_types), key=schema_tools.EVENT_TYPES.index))


def _in_order_of(machine: StateMachine, places: list[Publisher]) -> list[Publisher]:
    """As the workflow goes: its main path first, what is beside the workflow last; where a change happens first."""
    main = machine.main_path()
    states: list[str | None] = [*main, *(name for name in machine.states if name not in main), None]
    return sorted(places, key=lambda place: (not place.records, states.index(place.state), place.function))


def _with_closed_lists(place: Publisher) -> Publisher:
    """Of what it says only the fields whose values are a closed list: the others differ from order to order."""
    closed = {
        path
        for name, version in schema_tools.events()
        if name == place.event_type
        for path, field in fields(name, version).items()
        if "enum" in field.schema
    }
    return place.model_copy(update={"says": {path: said for path, said in place.says.items() if path in closed}})


def _bus_of(stacks: Stacks) -> str:
    [bus] = [bus for stack in stacks.values() for bus in stack.of(EVENT_BUS).values()]
    return str(bus["Name"])
