"""The flow of an order as the templates have it: who calls or hears whom. Pure."""

from collections.abc import Iterable, Iterator, Mapping

from takeaway.check.fitness.permissions import permissions
from takeaway.check.templates.stack import EVENT_RULE, EVENT_SOURCE, QUEUE, Properties, Stack
from takeaway.check.templates.values import flat, logical_id, references
from takeaway.check.templates.workflow import Workflow, workflows
from takeaway.paths import REPOSITORY, contexts
from takeaway.study.drawing.graph import Arrow, Box, Graph

METHOD, RESOURCE = "AWS::ApiGateway::Method", "AWS::ApiGateway::Resource"
CONSOLE = "console"  # a window for people, and the same in each system
GATEWAY, BUS, WORKFLOW = "API Gateway", "bus", "workflow"
MAY = {  # what a role may do, and to whom that leads
    "events:PutEvents": (BUS, "any event"),
    "states:StartExecution": (WORKFLOW, "starts"),
    "states:SendTaskSuccess": (WORKFLOW, "wakes up"),
    "sns:Publish": ("restaurant", "SNS"),
    "ses:SendEmail": ("customer", "SES"),
}


def contexts_among(stacks: Iterable[str]) -> tuple[str, ...]:
    """Those that are compared; who publishes comes before who listens."""

    def listens(name: str) -> bool:
        return not (REPOSITORY / "contexts" / name / "published_events.py").is_file()

    compared = set(contexts(REPOSITORY)) - {CONSOLE}
    return tuple(sorted(compared & set(stacks), key=lambda name: (listens(name), name)))


def from_templates(stacks: Mapping[str, Stack]) -> Graph:
    """Who calls or hears whom, as far as templates say it. Which event a function publishes, none does."""
    arrows = list(dict.fromkeys(arrow for name in contexts_among(stacks) for arrow in _arrows(stacks[name])))
    if not any(arrow.target == BUS for arrow in arrows):
        arrows = [_never(arrow) if arrow.source == BUS else arrow for arrow in arrows]
    names = list(dict.fromkeys(end for arrow in arrows for end in (arrow.source, arrow.target)))
    return [Box(id=name, text=_text(name), kind=_kind(name)) for name in names], arrows


def places(stacks: Mapping[str, Stack]) -> dict[str, int]:
    """What one has to read to know what comes next within orders."""
    orders = stacks["orders"]
    if any(True for _ in workflows(orders)):
        return {"file": 1}
    return {"rules": len(orders.of(EVENT_RULE)), "functions that publish": len(publishers(orders))}


def publishers(stack: Stack) -> set[str]:
    return {permission.holder for permission in permissions(stack) if permission.allows("events:PutEvents")}


def called_neighbours(stacks: Mapping[str, Stack]) -> set[str]:
    """Functions of others that the workflow of orders calls by their names."""
    orders = stacks["orders"]
    return {name for workflow in workflows(orders) for name in _invoked(workflow)} - _functions(orders)


def _never(arrow: Arrow) -> Arrow:
    """Nobody publishes."""
    return arrow.model_copy(update={"text": f"{arrow.text}: never comes"})


def _arrows(stack: Stack) -> Iterator[Arrow]:
    yield from _routes(stack)
    for permission in permissions(stack):
        for action, (target, text) in MAY.items():
            if permission.allows(action) and permission.holder.replace("_", "-") in _functions(stack):
                yield Arrow(source=permission.holder.replace("_", "-"), target=target, text=text)
    for workflow in workflows(stack):
        for name in dict.fromkeys(_invoked(workflow)):
            yield Arrow(source=WORKFLOW, target=name, text="invokes")
    for rule in stack.of(EVENT_RULE).values():
        yield from _heard(stack, rule)


def _routes(stack: Stack) -> Iterator[Arrow]:
    for method in stack.of(METHOD).values():
        called = references(method.get("Integration", {}).get("Uri")) & stack.functions.keys()
        path = _path(stack, logical_id(method["ResourceId"]))
        for function in called:
            name = _name(stack.functions[function].name)
            yield Arrow(source=GATEWAY, target=name, text=f"{method['HttpMethod']} {path}")


def _path(stack: Stack, resource: str) -> str:
    parts = []
    while resource in stack.of(RESOURCE):
        properties = stack.of(RESOURCE)[resource]
        parts.append(properties["PathPart"])
        resource = logical_id(properties["ParentId"])
    return "/" + "/".join(reversed(parts))


def _heard(stack: Stack, rule: Properties) -> Iterator[Arrow]:
    pattern = rule.get("EventPattern", {})
    source = BUS if "EventBusName" in rule else "default bus"
    types = pattern.get("detail-type", ["every event"])
    for target in rule.get("Targets", ()):
        queue = logical_id(target["Arn"])
        name = str(stack.of(QUEUE).get(queue, {}).get("QueueName", queue)).split("-", 2)[-1]
        yield Arrow(source=source, target=f"queue {name}", text=", ".join(types))
        for mapping in stack.of(EVENT_SOURCE).values():
            function = stack.function_at(mapping["FunctionName"])
            if function and logical_id(mapping["EventSourceArn"]) == queue:
                yield Arrow(source=f"queue {name}", target=_name(function.name))


def _invoked(workflow: Workflow) -> Iterator[str]:
    """Of its own stack by reference, of others by their name."""
    for name, task in workflow.tasks.items():
        if name in workflow.steps:
            yield _name(workflow.steps[name].name)
        elif called := workflow.value_of(task.get("Parameters", {}).get("FunctionName")):
            yield flat(called).rpartition(":function:")[2].split("-", 3)[-1]


def _functions(stack: Stack) -> set[str]:
    return {_name(function.name) for function in stack.functions.values()}


def _name(function: str) -> str:
    return function.replace("_", "-")


def _text(name: str) -> str:
    return name.removeprefix("queue ")


def _kind(name: str) -> str:
    if name in (BUS, "default bus"):
        return "event"
    if name.startswith("queue "):
        return "queue"
    return "person" if name in ("restaurant", "customer", GATEWAY) else "decision" if name == WORKFLOW else "step"
