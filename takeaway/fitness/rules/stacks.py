"""Each context is one stack, which takes nothing from another when it is deployed."""

import re
from collections.abc import Iterator

from takeaway.fitness.evidence import Evidence
from takeaway.fitness.rule import Check, Report, counted
from takeaway.templates.stack import EVENT_BUS, Stack
from takeaway.templates.values import flat, nodes, texts

BOOTSTRAP = "BootstrapVersion"  # the CDK's own parameter, of the account
RESOLVED = re.compile(r"\{\{resolve:(?:ssm|ssm-secure|secretsmanager):(?P<name>[^:}]+)")
READERS = ("AWS::CloudFormation::Stack", "Custom::CrossRegionExportReader")
KEPT_VALUES = ("AWS::SSM::Parameter", "AWS::SecretsManager::Secret")


def one_stack_each(evidence: Evidence, report: Report) -> None:
    for context in evidence.code.contexts:
        if context not in evidence.stacks:
            report.found(f"contexts/{context}", "has no stack in this assembly")
    for stack in evidence.stacks.values():
        packages = {
            function.module.rpartition(".handlers")[0] for function in stack.functions.values() if function.is_own_code
        }
        for package in sorted(packages - {f"contexts.{stack.name}"}):
            report.found(f"{stack.name}: stack {stack.full_name}", f"runs code of {package}, which is not its own")
        if not packages and not stack.of(EVENT_BUS) and stack.name not in evidence.code.contexts:
            report.found(f"{stack.name}: stack {stack.full_name}", "belongs to no folder of contexts/, and is no bus")
        report.saw(f"{stack.full_name} runs {', '.join(sorted(packages)) or 'no function'}")


def no_couplings(evidence: Evidence, report: Report) -> None:
    for stack in evidence.stacks.values():
        for what in (*_given_and_taken(stack), *_looked_up(stack)):
            report.found(f"{stack.name}: stack {stack.full_name}", what)
    if evidence.stacks:
        report.saw(f"{counted(evidence.stacks, 'stack')}: exports, imports, parameters and what they resolve")


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


CHECKS: dict[str, Check] = {
    "one-stack-each": one_stack_each,
    "no-stack-couplings": no_couplings,
}
