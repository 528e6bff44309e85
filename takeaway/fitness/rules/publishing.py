"""Who may put which events on the bus."""

import re
from collections.abc import Iterator

from takeaway.fitness.evidence import Evidence
from takeaway.fitness.permissions import Permission, permissions
from takeaway.fitness.rule import Check, Report, counted
from takeaway.templates.stack import Stack
from takeaway.templates.values import flat, listed
from takeaway.templates.workflow import Workflow

PUT_EVENTS = "events:PutEvents"
PUT_EVENTS_TASK = "events:putEvents"
BUS = re.compile(r":event-bus/(?P<name>[\w-]+)$")


def own_source(evidence: Evidence, report: Report) -> None:
    for stack in evidence.stacks.values():
        source = evidence.publishers.get(stack.name)
        granted = [permission for permission in permissions(stack) if permission.allows(PUT_EVENTS)]
        report.found_in(stack.name, _wrong_with_permissions(granted, evidence.buses, source))
        if source and source != f"takeaway.{stack.name}":
            report.found(f"contexts/{stack.name}/published_events.py", f"SOURCE is {source}, not takeaway.{stack.name}")
        if granted:
            report.saw(f"{stack.name}: {counted(granted, 'role')} may put events; the context's source is {source}")
        elif stack.name in evidence.contexts:
            report.saw(f"{stack.name}: nobody may put events")
    for workflow in evidence.workflows:
        source = evidence.publishers.get(workflow.stack.name)
        report.found_in(workflow.stack.name, _wrong_with_tasks(workflow, source))


def _wrong_with_permissions(
    granted: list[Permission], buses: set[str], source: str | None
) -> Iterator[tuple[str, str]]:
    for permission in granted:
        where, names = f"role of {permission.holder}", [BUS.search(flat(each)) for each in permission.resources]
        if source is None:
            yield where, f"{permission.told}, but its context publishes nothing (it has no published_events.py)"
            continue
        if not all(name and name["name"] in buses for name in names):
            yield where, f"{permission.told}: that is not only the shared bus"
        if listed(permission.condition.get("StringEquals", {}).get("events:source")) != [source]:
            yield where, f"{permission.told}: not limited to events:source {source}"


def _wrong_with_tasks(workflow: Workflow, source: str | None) -> Iterator[tuple[str, str]]:
    for name, task in workflow.tasks.items():
        entries = task.get("Parameters", {}).get("Entries") if PUT_EVENTS_TASK in task["Resource"] else None
        for entry in listed(entries):
            if entry.get("Source") != source:
                yield f"state {name}", f"puts events as {flat(entry.get('Source'))}, not as {source}"


def may_publish(stack: Stack) -> set[str]:
    """The functions of a stack, by their logical ids, that may put events on any bus."""
    roles = {permission.role for permission in permissions(stack) if permission.allows(PUT_EVENTS)}
    return {name for name, function in stack.functions.items() if function.roles & roles}


CHECKS: dict[str, Check] = {"own-source": own_source}
