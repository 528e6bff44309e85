"""The listeners of the bus, read from the templates: which rule of which stack takes which events."""

from dataclasses import dataclass
from typing import Any

from shared import schema_tools
from takeaway.check.contracts.consumers import Consumer
from tests.fakes.patterns import matches

Template = dict[str, Any]


@dataclass(frozen=True)
class Subscription:
    """A rule on the shared bus. `stack` is the last part of the stack's name: "promotions"."""

    stack: str
    rule: str
    pattern: dict[str, Any]

    @property
    def breaks(self) -> list[Any] | None:
        """The filter on `breaks`; None if the rule also takes versions that break earlier readers."""
        found: list[Any] | None = self.pattern.get("detail", {}).get("metadata", {}).get("breaks")
        return found

    @property
    def delivered(self) -> set[str]:
        """The published events that the rule lets through: "takeaway.orders@order_completed.v1"."""
        return {schema_tools.name_of(*event) for event in schema_tools.events()
                if matches(self.pattern, schema_tools.example(*event))}  # fmt: skip


def subscriptions(templates: dict[str, Template]) -> list[Subscription]:
    """Return every rule on the shared bus, in any stack."""
    return [
        Subscription(stack, resource["Properties"].get("Name", name), resource["Properties"]["EventPattern"])
        for stack, template in templates.items()
        for name, resource in template["Resources"].items()
        if resource["Type"] == "AWS::Events::Rule"
        and resource["Properties"].get("EventBusName", "default") != "default"
    ]


def disagreements(of: list[Subscription], consumers: list[Consumer]) -> list[str]:
    """Return where a rule delivers events that its consumer does not declare; each sentence says what to do."""
    declared = {consumer.name: consumer for consumer in consumers}
    wrong = []
    for each in of:
        if each.stack not in declared:
            wrong.append(
                f"{each.stack} listens to the bus and does not say what it reads: write contexts/{each.stack}/"
                'consumed_events.py with CONSUMES = {"takeaway.orders@order_completed.v1": ItsModel}'
            )
            continue
        unread = sorted(event for event in each.delivered if not declared[each.stack].model(event))
        wrong += [
            f"{each.rule} delivers {event}, which {declared[each.stack].file} does not read: add it to CONSUMES, "
            "or take it out of the rule"
            for event in unread
        ]
        reads = {event.rpartition(".")[2] for event in declared[each.stack].reads}
        if each.breaks is None and len(reads) == 1:
            wrong.append(
                f"{each.rule} takes every version of its events: leave out what breaks its reader, with "
                'detail={"metadata": {"breaks": [{"exists": False}]}} in its pattern (docs/event-changes.md)'
            )
    for consumer in consumers:
        delivered = set().union(*(each.delivered for each in of if each.stack == consumer.name))
        wrong += [
            f"{consumer.file} reads {event}, which no rule of {consumer.name} delivers: listen to it in "
            "infrastructure/subscriptions.py, or take it out of CONSUMES"
            for event in consumer.reads
            if not any(consumer.model(each) is consumer.reads[event] for each in delivered)
        ]
    return wrong
