"""Rules that contexts do not call each other, neither by HTTP nor by a workflow that runs another's resources."""

import re
from collections.abc import Iterator
from typing import Any

from takeaway.check.fitness.evidence import Evidence
from takeaway.check.fitness.names import imported_by
from takeaway.check.fitness.permissions import permissions
from takeaway.check.fitness.rule import Finding, Told, Wrong, check, counted, placed
from takeaway.check.fitness.texts import exemption
from takeaway.check.templates.stack import STATE_MACHINE, Stack
from takeaway.check.templates.values import flat, references, texts
from takeaway.check.templates.workflow import Workflow

REST_APIS = ("AWS::ApiGateway::RestApi", "AWS::ApiGatewayV2::Api")
API_HOST = re.compile(r"execute-api|_aws/execute-api|lambda-url")
CALLERS = ("AWS::Events::ApiDestination", "AWS::Events::Connection")
# Modules that speak HTTP. boto3 is not among them, because it calls AWS, which permissions limit.
HTTP_CLIENTS = ("aiohttp", "http.client", "httpx", "requests", "socket", "urllib.request", "urllib3")
HTTP_TASKS = ("http:invoke", "apigateway:invoke")
INTEGRATION = "arn:aws:states:::"
# The parameters of a Task that name the resource that it works on.
TARGETS = ("FunctionName", "QueueUrl", "StateMachineArn", "TableName", "TopicArn", "Bucket")


@check("no-calls")
def no_calls(evidence: Evidence) -> Iterator[Told]:
    code, stacks = evidence.code, evidence.stacks.values()
    for stack in stacks:
        yield from placed(stack, _calls_of(stack))
    if stacks:
        variables = [name for stack in stacks for name in _variables(stack)]
        yield f"{len(variables)} environment variables and the outputs of {counted(stacks, 'stack')}"
    clients = [
        (module, client)
        for module, path in code.runtime.items()
        for client in HTTP_CLIENTS
        if any(f"{name}.".startswith(f"{client}.") for name in imported_by(code.parsed(path)))
    ]
    if code.runtime:
        yield f"{counted(code.runtime, 'module')}, {len(clients)} of them with an HTTP client"
    for module, client in clients:
        allowed = exemption("no-calls", module, client)
        place = code.relative(code.runtime[module])
        yield allowed.told if allowed else Finding(place, f"imports {client}: whom does it call?")


def _calls_of(stack: Stack) -> Iterator[Wrong]:
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


def _outputs(stack: Stack) -> Iterator[tuple[str, Any]]:
    for name, output in stack.template.get("Outputs", {}).items():
        yield f"output {name}", output["Value"]
    for name, parameter in stack.of("AWS::SSM::Parameter").items():
        yield f"parameter {name}", parameter.get("Value")


@check("workflow-stays-inside")
def stays_inside(evidence: Evidence) -> Iterator[Told]:
    for workflow in evidence.workflows:
        yield from placed(workflow.stack, _outside(workflow))
        if any(True for task in workflow.tasks.values() for _ in _targets(workflow, task)):
            yield f"{workflow.name}: {counted(workflow.tasks, 'task')}, their functions and tables"
    if evidence.workflows:
        others = [stack.name for stack in evidence.stacks.values() if not stack.of(STATE_MACHINE)]
        yield f"no workflow in {', '.join(others)}"


def _outside(workflow: Workflow) -> Iterator[Wrong]:
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
