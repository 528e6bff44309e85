"""Read from the templates which rules match which events, and which functions get them."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from takeaway.check.templates.assembly import Stacks
from takeaway.check.templates.stack import EVENT_RULE, EVENT_SOURCE, QUEUE, Stack
from takeaway.check.templates.values import logical_id

WRITTEN_ORDER = ("source", "detail-type")  # the keys that a pattern is written with first


@dataclass(frozen=True)
class Rule:
    """A rule with one of its targets. `bus` is None for the account's default bus.

    `queue` is the target queue's name, `code` the file of the function behind it; None if there is none.
    """

    stack: str
    bus: str | None
    name: str
    pattern: dict[str, Any]
    target: str
    queue: str | None
    code: str | None

    @property
    def owner(self) -> str:
        """The name of the context whose stack has the rule."""
        return self.stack.split("-", 2)[-1]

    @property
    def function(self) -> str | None:
        return self.code.rsplit("/", 1)[-1].removesuffix(".py") if self.code else None

    @property
    def looks_inside(self) -> bool:
        """True if it matches only some events of a type and version, by their data."""
        return self._kinds() != self.pattern

    def takes(self, source: str, event_type: str, version: int) -> bool:
        """True if it matches events of this type and version, be it only some of them."""
        from moto.events.models import EventPattern  # noqa: PLC0415 - only installed for development

        kinds = self._kinds()
        event: Any = {"source": source, "detail-type": event_type, "detail": _of_version(version)}
        return bool(EventPattern(json.dumps(kinds), kinds).matches_event(event))

    def _kinds(self) -> dict[str, Any]:
        """Return the part of the pattern that is about an event's type and version, not about its data."""
        kinds = {key: value for key, value in self.pattern.items() if key in WRITTEN_ORDER}
        metadata = self.pattern.get("detail", {}).get("metadata", {})
        version = {key: metadata[key] for key in _of_version(2)["metadata"] if key in metadata}
        return {**kinds, "detail": {"metadata": version}} if version else kinds


def rules_of(stacks: Stacks) -> list[Rule]:
    """List every rule with an event pattern, by stack and name."""
    found = [rule for stack in stacks.values() for rule in _rules(stack)]
    return sorted(found, key=lambda rule: (rule.stack, rule.name, rule.target))


def _rules(stack: Stack) -> Iterator[Rule]:
    mappings = stack.of(EVENT_SOURCE).values()
    fed = {logical_id(each["EventSourceArn"]): logical_id(each["FunctionName"]) for each in mappings}
    for id_, rule in stack.of(EVENT_RULE).items():
        pattern, bus = rule.get("EventPattern", {}), rule.get("EventBusName")
        for target in rule.get("Targets", ()) if pattern else ():
            destination = logical_id(target["Arn"])
            function = stack.functions.get(fed.get(destination, destination))
            yield Rule(
                stack=stack.full_name,
                # A bus that is not given by name is not ours, so it is shown as the template has it.
                bus=bus if bus is None or isinstance(bus, str) else json.dumps(bus),
                name=rule.get("Name", id_),
                pattern={key: pattern[key] for key in WRITTEN_ORDER if key in pattern} | pattern,
                target=destination,
                queue=stack.called(destination) if destination in stack.of(QUEUE) else None,
                code=None if function is None else f"{function.module.replace('.', '/')}.py",
            )


def _of_version(version: int) -> dict[str, Any]:
    """Return the part of an event that tells its version; each version after the first breaks the one before."""
    breaks = {"breaks": version - 1} if version > 1 else {}
    return {"metadata": {"schema_version": version, **breaks}}
