"""Rules that each context is one stack, needs no other stack's values, and puts events only under its own source."""

import re
from collections.abc import Iterator

from takeaway.check.fitness.evidence import Evidence
from takeaway.check.fitness.permissions import PUT_EVENTS, Permission, permissions
from takeaway.check.fitness.rule import Finding, Told, Wrong, check, counted, placed
from takeaway.check.templates.stack import EVENT_BUS, Stack
from takeaway.check.templates.values import flat, listed, nodes, texts
from takeaway.check.templates.workflow import Workflow

BOOTSTRAP = "BootstrapVersion"  # the CDK's own parameter
RESOLVED = re.compile(r"\{\{resolve:(?:ssm|ssm-secure|secretsmanager):(?P<name>[^:}]+)")
READERS = ("AWS::CloudFormation::Stack", "Custom::CrossRegionExportReader")
KEPT_VALUES = ("AWS::SSM::Parameter", "AWS::SecretsManager::Secret")
PUT_EVENTS_TASK = "events:putEvents"
BUS = re.compile(r":event-bus/(?P<name>[\w-]+)$")


@check("one-stack-each")
def one_stack_each(evidence: Evidence) -> Iterator[Told]:
    contexts = evidence.code.contexts
    yield from (
        Finding(f"contexts/{each}", "has no stack in this assembly") for each in contexts if each not in evidence.stacks
    )
    for stack in evidence.stacks.values():
        own = [function for function in stack.functions.values() if function.is_own_code]
        packages = {function.module.rpartition(".handlers")[0] for function in own}
        where = f"{stack.name}: stack {stack.full_name}"
        for package in sorted(packages - {f"contexts.{stack.name}"}):
            yield Finding(where, f"runs code of {package}, which is not its own")
        if not packages and not stack.of(EVENT_BUS) and stack.name not in contexts:
            yield Finding(where, "belongs to no folder of contexts/, and is no bus")
        yield f"{stack.full_name} runs {', '.join(sorted(packages)) or 'no function'}"


@check("no-stack-couplings")
def no_couplings(evidence: Evidence) -> Iterator[Told]:
    for stack in evidence.stacks.values():
        for what in (*_given_and_taken(stack), *_looked_up(stack)):
            yield Finding(f"{stack.name}: stack {stack.full_name}", what)
    if evidence.stacks:
        yield f"{counted(evidence.stacks, 'stack')}: exports, imports, parameters and what they resolve"


def _given_and_taken(stack: Stack) -> Iterator[str]:
    for name, output in stack.template.get("Outputs", {}).items():
        if "Export" in output:
            yield f"exports {name}: whoever imports it can't be deployed without this stack, nor this one change"
    for node in nodes(stack.template):
        if isinstance(node, dict) and "Fn::ImportValue" in node:
            yield f"imports {flat(node['Fn::ImportValue'])} of another stack"
    for name in stack.of(*READERS):
        yield f"{name} reads or holds another stack"


def _looked_up(stack: Stack) -> Iterator[str]:
    """Yield the values that the stack reads from a store when it is deployed."""
    for name, parameter in stack.template.get("Parameters", {}).items():
        if "SSM" in parameter["Type"] and name != BOOTSTRAP:
            yield f"reads the parameter store by {name}: {parameter.get('Default', 'whatever it is told to')}"
    own = {flat(each.get("Name")) for each in stack.of(*KEPT_VALUES).values()}
    for name in sorted({name for text in texts(stack.template) for name in RESOLVED.findall(text)} - own):
        yield f"resolves {name}, which is not of this stack"


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
