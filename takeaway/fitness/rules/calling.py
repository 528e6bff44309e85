"""Contexts do not call each other: not by HTTP, not by a workflow of one that runs what another owns."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from takeaway.fitness.code import Code
from takeaway.fitness.evidence import Evidence
from takeaway.fitness.exemptions import exemption
from takeaway.fitness.permissions import permissions
from takeaway.fitness.rule import Check, Report, counted
from takeaway.templates.stack import STATE_MACHINE, Stack
from takeaway.templates.values import flat, references, texts
from takeaway.templates.workflow import Workflow

REST_APIS = ("AWS::ApiGateway::RestApi", "AWS::ApiGatewayV2::Api")
API_HOST = re.compile(r"execute-api|_aws/execute-api|lambda-url")
CALLERS = ("AWS::Events::ApiDestination", "AWS::Events::Connection")
HTTP_CLIENTS = {"aiohttp", "http.client", "httpx", "requests", "socket", "urllib.request", "urllib3"}
HTTP_TASKS = ("http:invoke", "apigateway:invoke")
INTEGRATION = "arn:aws:states:::"
# parameters of a Task that say whom or what it works on
TARGETS = ("FunctionName", "QueueUrl", "StateMachineArn", "TableName", "TopicArn", "Bucket")


def no_calls(evidence: Evidence, report: Report) -> None:
    for stack in evidence.stacks.values():
        for place, what in _calls_of(stack):
            report.found(f"{stack.name}: {place}", what)
    variables = [name for stack in evidence.stacks.values() for name in _variables(stack)]
    clients = _http_clients(evidence.code)
    if evidence.stacks:
        report.saw(f"{len(variables)} environment variables and the outputs of {counted(evidence.stacks, 'stack')}")
    if evidence.code.runtime:
        report.saw(f"{counted(evidence.code.runtime, 'module')}, {len(clients)} of them with an HTTP client")
    for module, client in clients:
        allowed = exemption("no-calls", module, client)
        if allowed:
            report.saw(allowed.told)
        else:
            report.found(evidence.code.relative(evidence.code.runtime[module]), f"imports {client}: whom does it call?")


def _calls_of(stack: Stack) -> Iterator[tuple[str, str]]:
    apis = stack.of(*REST_APIS).keys()
    for permission in permissions(stack):
        strange = any(not references(resource) for resource in permission.resources)
        if permission.acts_on("execute-api") and strange:
            yield f"role of {permission.holder}", f"{permission.told} calls an API that is not its own"
    for name, value in [*_variables(stack), *_outputs(stack)]:
        if any(API_HOST.search(text) for text in texts(value)) and not references(value) & apis:
            yield name, f"is the address of an API: {flat(value)}"
    for kind in CALLERS:
        yield from ((name, f"is a {kind}: events that turn into calls") for name in stack.of(kind))


def _variables(stack: Stack) -> list[tuple[str, Any]]:
    return [
        (f"variable {name} of {function.name}", value)
        for function in stack.functions.values()
        for name, value in function.properties.get("Environment", {}).get("Variables", {}).items()
    ]


def _outputs(stack: Stack) -> list[tuple[str, Any]]:
    outputs = [(f"output {name}", output["Value"]) for name, output in stack.template.get("Outputs", {}).items()]
    parameters = stack.of("AWS::SSM::Parameter")
    return [*outputs, *((f"parameter {name}", each.get("Value")) for name, each in parameters.items())]


def _http_clients(code: Code) -> list[tuple[str, str]]:
    """Module and client of every import of something that speaks HTTP by itself; boto3 speaks to AWS, by permission."""
    return [(module, client) for module, path in code.runtime.items() for client in _clients(code.parsed(path))]


@cache
def _clients(tree: ast.Module) -> list[str]:
    imported: set[str] = set()
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                imported |= {each.name for each in names}
            case ast.ImportFrom(module=str() as origin, names=names):
                imported |= {origin, *(f"{origin}.{each.name}" for each in names)}
    return sorted(client for client in HTTP_CLIENTS if any(f"{name}.".startswith(f"{client}.") for name in imported))


def stays_inside(evidence: Evidence, report: Report) -> None:
    for workflow in evidence.workflows:
        report.found_in(workflow.stack.name, _outside(workflow))
        targets = [target for task in workflow.tasks.values() for target in _targets(workflow, task)]
        if targets:
            report.saw(f"{workflow.name}: {counted(workflow.tasks, 'task')}, their functions and tables")
    if evidence.workflows:
        others = [stack.name for stack in evidence.stacks.values() if not stack.of(STATE_MACHINE)]
        report.saw(f"no workflow in {', '.join(others)}")


def _outside(workflow: Workflow) -> Iterator[tuple[str, str]]:
    own = workflow.stack.template["Resources"].keys()
    for name, task in workflow.tasks.items():
        where, resource = f"state {name}", task["Resource"]
        if any(kind in resource for kind in HTTP_TASKS):
            yield where, f"calls an API: {resource}"
        elif not resource.startswith((INTEGRATION, "${")):
            yield where, f"runs {resource}, which is nothing of this stack"
        for parameter, value in _targets(workflow, task):
            if not references(value) or not references(value) <= own:
                yield where, f"{parameter} is {flat(value)}, which is nothing of this stack"


def _targets(workflow: Workflow, task: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    if task["Resource"].startswith("${"):
        yield "Resource", workflow.value_of(task["Resource"])
    for parameter, value in task.get("Parameters", task.get("Arguments", {})).items():
        if parameter.removesuffix(".$") in TARGETS:
            yield parameter, workflow.value_of(value)


CHECKS: dict[str, Check] = {
    "no-calls": no_calls,
    "workflow-stays-inside": stays_inside,
}
