"""Everything that is documented of the events, put together from its four sources; pages and AsyncAPI only write it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from shared import schema_tools
from shared.schema_tools.fields import fields, personal_data
from takeaway.check.contracts.consumers import Consumer, consumers
from takeaway.check.templates.assembly import Stacks, synthesized
from takeaway.check.templates.stack import EVENT_BUS
from takeaway.facts import Facts, Publisher, facts_of_publishers
from takeaway.study.docs.events.rules import Rule, rules_of


@dataclass(frozen=True)
class Event:
    """One type of event. `versions` are those that have a schema; `is_alone` if no other source has one of its name.

    `publishers` are the places that put it on the bus, None where its publisher does not tell.
    """

    type: str
    source: str
    is_alone: bool
    versions: tuple[int, ...]
    publishers: tuple[Publisher, ...] | None
    may_be_first: bool
    causes: tuple[str, ...]
    effects: tuple[str, ...]
    subscriptions: tuple[Rule, ...]

    @property
    def latest(self) -> int:
        return self.versions[-1]

    @property
    def context(self) -> str:
        return schema_tools.context_of(self.source)

    @property
    def name(self) -> str:
        """As people call it: without its source, unless two sources have one of that name."""
        return self.type if self.is_alone else f"{self.source}@{self.type}"

    @property
    def link(self) -> str:
        """To its page, from another page of the catalogue."""
        return f"[{self.name}]({self.name}.md)"

    @property
    def personal(self) -> list[str]:
        """The fields that say who somebody is."""
        return sorted(personal_data(self.type, self.latest, self.source))

    @cached_property
    def description(self) -> str:
        return str(schema_tools.load(self.type, self.latest, self.source)["description"])


@dataclass(frozen=True)
class Catalogue:
    """`rules` are all rules of all stacks, also those that listen to the default bus; names have the stage `stage`.

    `readers` have declared which fields of which events they read.
    """

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

    def messages(self, rule: Rule | None = None) -> list[tuple[Event, int]]:
        """Each event in each version, or those that a rule takes."""
        return [
            (event, version)
            for event in self.events
            for version in event.versions
            if rule is None or rule.takes(event.source, event.type, version)
        ]


def catalogue(root: Path) -> Catalogue:
    """From the repository as it is. Synthesizes the templates."""
    found = assembled(facts_of_publishers(schema_tools.sources(), root), synthesized())
    return replace(found, readers=tuple(consumers(root)))


def assembled(facts: Mapping[str, Facts], stacks: Stacks) -> Catalogue:
    """`facts` are those of the publishers that tell some, by their source."""
    [bus] = [str(bus["Name"]) for stack in stacks.values() for bus in stack.of(EVENT_BUS).values()]
    rules = tuple(rules_of(stacks))
    events = [
        _event(event_type, source, facts.get(source), [rule for rule in rules if rule.bus == bus])
        for source in schema_tools.sources()
        for event_type in _in_order(schema_tools.event_types(source), facts.get(source))
    ]
    return Catalogue(bus, tuple(events), rules)


def _event(event_type: str, source: str, facts: Facts | None, rules: list[Rule]) -> Event:
    namesakes = [(version, its) for name, version, its in schema_tools.events() if name == event_type]
    versions = tuple(version for version, its in namesakes if its == source)
    causes = facts.causes if facts else {}
    before = causes.get(event_type, frozenset())
    places = [place for place in facts.publishers if place.event_type == event_type] if facts else []
    return Event(
        type=event_type,
        source=source,
        is_alone={its for _, its in namesakes} == {source},
        versions=versions,
        publishers=tuple(_with_closed_lists(place, source, versions) for place in places) if facts else None,
        may_be_first=None in before,
        causes=_in_order(filter(None, before), facts),
        effects=_in_order((effect for effect, its_causes in causes.items() if event_type in its_causes), facts),
        subscriptions=tuple(rule for rule in rules if any(rule.takes(source, event_type, each) for each in versions)),
    )


def _in_order(event_types: Iterable[str], facts: Facts | None) -> tuple[str, ...]:
    """As their publisher tells them, in the order of what they are about; what it does not tell of comes last."""
    known = facts.events if facts else ()
    return tuple(sorted(event_types, key=lambda each: (known.index(each) if each in known else len(known), each)))


def _with_closed_lists(place: Publisher, source: str, versions: Iterable[int]) -> Publisher:
    """Of what it says only the fields whose values are a closed list: the others differ from order to order."""
    every = [fields(place.event_type, version, source) for version in versions]
    closed = {path for version in every for path, field in version.items() if "enum" in field.schema}
    return place.model_copy(update={"says": {path: said for path, said in place.says.items() if path in closed}})
