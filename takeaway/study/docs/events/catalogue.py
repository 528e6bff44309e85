"""Collect all that is documented about events from its four sources; pages and AsyncAPI only write it."""

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
    """One type of event. `versions` have a schema each; `is_alone` if no other source has an event of that name.

    `publishers` are the places that put it on the bus, None if its context has no facts.
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
        """The event's name for people: without its source, unless two sources have one of that name."""
        return self.type if self.is_alone else f"{self.source}@{self.type}"

    @property
    def link(self) -> str:
        """A Markdown link to its page from another page of the catalogue."""
        return f"[{self.name}]({self.name}.md)"

    @property
    def personal(self) -> list[str]:
        """The fields that are personal data."""
        return sorted(personal_data(self.type, self.latest, self.source))

    @cached_property
    def description(self) -> str:
        return str(schema_tools.load(self.type, self.latest, self.source)["description"])


@dataclass(frozen=True)
class Catalogue:
    """All events. `rules` are those of all stacks, also of the default bus.

    `readers` are the consumers, with the fields that they declare to read.
    """

    bus: str
    events: tuple[Event, ...]
    rules: tuple[Rule, ...]
    readers: tuple[Consumer, ...] = ()

    @property
    def subscriptions(self) -> tuple[Rule, ...]:
        """The rules that listen to the bus."""
        return tuple(rule for rule in self.rules if rule.bus == self.bus)

    def any_stage(self, name: str, mark: str = "<stage>") -> str:
        """Replace the stage in a name by a mark."""
        return name.replace(self.bus, f"{self.bus.rpartition('-')[0]}-{mark}")

    def trigger_of(self, function: str) -> Rule:
        """Return the rule that calls a function outside the workflow. Raises LookupError."""
        for rule in self.rules:
            if rule.function == function:
                return rule
        raise LookupError(f"{function} publishes events, but no rule and no state calls it")

    def messages(self, rule: Rule | None = None) -> list[tuple[Event, int]]:
        """Return each event in each version, or those that a rule matches."""
        return [
            (event, version)
            for event in self.events
            for version in event.versions
            if rule is None or rule.takes(event.source, event.type, version)
        ]


def catalogue(root: Path) -> Catalogue:
    """Build the catalogue of the repository. Synthesizes the templates."""
    found = assembled(facts_of_publishers(schema_tools.sources(), root), synthesized())
    return replace(found, readers=tuple(consumers(root)))


def assembled(facts: Mapping[str, Facts], stacks: Stacks) -> Catalogue:
    """Build the catalogue from publishers' facts, by source, and stacks."""
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
    """Sort event types as in their publisher's facts; unknown ones come last."""
    known = facts.events if facts else ()
    return tuple(sorted(event_types, key=lambda each: (known.index(each) if each in known else len(known), each)))


def _with_closed_lists(place: Publisher, source: str, versions: Iterable[int]) -> Publisher:
    """Keep only the fields with an enum, because other values differ from order to order."""
    every = [fields(place.event_type, version, source) for version in versions]
    closed = {path for version in every for path, field in version.items() if "enum" in field.schema}
    return place.model_copy(update={"says": {path: said for path, said in place.says.items() if path in closed}})
