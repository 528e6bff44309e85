"""Each context is one stack, which takes nothing from another when it is deployed."""

import re
from collections.abc import Iterator

from takeaway.check.fitness.evidence import Evidence
from takeaway.check.fitness.rule import Finding, Told, check, counted
from takeaway.check.templates.stack import EVENT_BUS, Stack
from takeaway.check.templates.values import flat, nodes, texts

BOOTSTRAP = "BootstrapVersion"  # the CDK's own parameter, of the account
RESOLVED = re.compile(r"\{\{resolve:(?:ssm|ssm-secure|secretsmanager):(?P<name>[^:}]+)")
READERS = ("AWS::CloudFormation::Stack", "Custom::CrossRegionExportReader")
KEPT_VALUES = ("AWS::SSM::Parameter", "AWS::SecretsManager::Secret")


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
    """Values that come out of a store when the stack is deployed."""
    for name, parameter in stack.template.get("Parameters", {}).items():
        if "SSM" in parameter["Type"] and name != BOOTSTRAP:
            yield f"reads the parameter store by {name}: {parameter.get('Default', 'whatever it is told to')}"
    own = {flat(each.get("Name")) for each in stack.of(*KEPT_VALUES).values()}
    for name in sorted({name for text in texts(stack.template) for name in RESOLVED.findall(text)} - own):
        yield f"resolves {name}, which is not of this stack"
