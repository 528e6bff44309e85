"""Which rule of which stack takes which events, and which function gets them: read from the templates."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from takeaway.docs.events.templates import Template, logical_id, resources

ENVELOPE = ("source", "detail-type")


@dataclass(frozen=True)
class Rule:
    """A rule with one of its targets. `bus` is None for the account's default bus.

    `queue` is the name of the queue in between, `code` the file of the function behind it, where there are such.
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
        """Whose it is: the stack's name after the stage."""
        return self.stack.split("-", 2)[-1]

    @property
    def is_window(self) -> bool:
        """For people to look through, not a context."""
        return bool(self.code and not self.code.startswith("contexts/"))

    @property
    def function(self) -> str | None:
        return self.code.rsplit("/", 1)[-1].removesuffix(".py") if self.code else None

    @property
    def filters_details(self) -> bool:
        """It takes some events of a type only: those whose content matches as well."""
        return bool(self.pattern.keys() - set(ENVELOPE))

    def takes(self, source: str, event_type: str) -> bool:
        """Whether events of this type come through, be it only some of them."""
        from moto.events.models import EventPattern  # noqa: PLC0415 - serves development only

        envelope: dict[str, Any] = {key: self.pattern[key] for key in ENVELOPE if key in self.pattern}
        event: Any = {"source": source, "detail-type": event_type}
        return bool(EventPattern(json.dumps(envelope), envelope).matches_event(event))


def rules_of(templates: Mapping[str, Template]) -> list[Rule]:
    """Every rule that waits for events, by stack and name."""
    found = [rule for stack, template in templates.items() for rule in _rules(stack, template)]
    return sorted(found, key=lambda rule: (rule.stack, rule.name, rule.target))


def _rules(stack: str, template: Template) -> Iterator[Rule]:
    functions = resources(template, "AWS::Lambda::Function")
    queues = resources(template, "AWS::SQS::Queue")
    fed = {
        logical_id(mapping["EventSourceArn"]): logical_id(mapping["FunctionName"])
        for mapping in resources(template, "AWS::Lambda::EventSourceMapping").values()
    }
    for name, rule in resources(template, "AWS::Events::Rule").items():
        for target in rule.get("Targets", ()) if "EventPattern" in rule else ():
            destination = logical_id(target["Arn"]) or json.dumps(target["Arn"])
            queue = queues.get(destination)
            function = functions.get(fed.get(destination, destination) or "")
            yield Rule(
                stack=stack,
                bus=_name_of(rule.get("EventBusName")),
                name=rule.get("Name", name),
                pattern=dict(sorted(rule["EventPattern"].items(), key=lambda part: part[0] != "source")),
                target=destination,
                queue=None if queue is None else queue.get("QueueName", destination),
                code=None if function is None else _file_of(function["Handler"]),
            )


def _name_of(bus: Any) -> str | None:
    """A bus that is not known by its name is none of ours; it is said as the template says it."""
    return bus if bus is None or isinstance(bus, str) else json.dumps(bus)


def _file_of(handler: str) -> str:
    """A handler's path in Lambda is its path in this repository."""
    module, _, _function = handler.rpartition(".")
    return f"{module.replace('.', '/')}.py"
