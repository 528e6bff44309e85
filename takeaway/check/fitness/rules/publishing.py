"""Who may put which events on the bus."""

import re
from collections.abc import Iterator

from takeaway.check.fitness.evidence import Evidence
from takeaway.check.fitness.permissions import PUT_EVENTS, Permission, permissions
from takeaway.check.fitness.rule import Finding, Told, Wrong, check, counted, placed
from takeaway.check.templates.values import flat, listed
from takeaway.check.templates.workflow import Workflow

PUT_EVENTS_TASK = "events:putEvents"
BUS = re.compile(r":event-bus/(?P<name>[\w-]+)$")


@check("own-source")
def own_source(evidence: Evidence) -> Iterator[Told]:
    for stack in evidence.stacks.values():
        source = evidence.publishers.get(stack.name)
        granted = [permission for permission in permissions(stack) if permission.allows(PUT_EVENTS)]
        yield from placed(stack, _wrong_with_permissions(granted, evidence.buses, source))
        if source and source != f"takeaway.{stack.name}":
            where = f"contexts/{stack.name}/published_events.py"
            yield Finding(where, f"SOURCE is {source}, not takeaway.{stack.name}")
        if granted:
            yield f"{stack.name}: {counted(granted, 'role')} may put events; the context's source is {source}"
        elif stack.name in evidence.contexts:
            yield f"{stack.name}: nobody may put events"
    for workflow in evidence.workflows:
        source = evidence.publishers.get(workflow.stack.name)
        yield from placed(workflow.stack, _wrong_with_tasks(workflow, source))


def _wrong_with_permissions(granted: list[Permission], buses: set[str], source: str | None) -> Iterator[Wrong]:
    for permission in granted:
        where, names = f"role of {permission.holder}", [BUS.search(flat(each)) for each in permission.resources]
        if source is None:
            yield where, f"{permission.told}, but its context publishes nothing (it has no published_events.py)"
            continue
        if not all(name and name["name"] in buses for name in names):
            yield where, f"{permission.told}: that is not only the shared bus"
        if listed(permission.condition.get("StringEquals", {}).get("events:source")) != [source]:
            yield where, f"{permission.told}: not limited to events:source {source}"


def _wrong_with_tasks(workflow: Workflow, source: str | None) -> Iterator[Wrong]:
    for name, task in workflow.tasks.items():
        entries = task.get("Parameters", {}).get("Entries") if PUT_EVENTS_TASK in task["Resource"] else None
        for entry in listed(entries):
            if entry.get("Source") != source:
                yield f"state {name}", f"puts events as {flat(entry.get('Source'))}, not as {source}"
