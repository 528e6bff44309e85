"""Make a graph of an order's flow from the templates: which component calls or hears which. Pure."""

from collections.abc import Iterable, Iterator, Mapping

from takeaway.check.fitness.permissions import permissions
from takeaway.check.templates.stack import EVENT_RULE, EVENT_SOURCE, Properties, Stack
from takeaway.check.templates.values import flat, logical_id, references
from takeaway.check.templates.workflow import Workflow, workflows
from takeaway.drawing.graph import Arrow, Box, Graph
from takeaway.paths import REPOSITORY, contexts

METHOD, RESOURCE = "AWS::ApiGateway::Method", "AWS::ApiGateway::Resource"
CONSOLE = "console"  # left out of the comparison, because it is the same in each system
GATEWAY, BUS, WORKFLOW, QUEUED = "API Gateway", "bus", "workflow", "queue "
KINDS = {  # the kinds of boxes
    BUS: "event", "default bus": "event", "restaurant": "person", "customer": "person", GATEWAY: "person",
    WORKFLOW: "decision",
}  # fmt: skip
MAY = {  # by action that a role may do: the component that it leads to
    "events:PutEvents": (BUS, "any event"),
    "states:StartExecution": (WORKFLOW, "starts"),
    "states:SendTaskSuccess": (WORKFLOW, "wakes up"),
    "sns:Publish": ("restaurant", "SNS"),
    "ses:SendEmail": ("customer", "SES"),
}


def contexts_among(stacks: Iterable[str]) -> tuple[str, ...]:
    """Return the compared contexts, publishers before listeners."""

    def listens(name: str) -> bool:
        return not (REPOSITORY / "contexts" / name / "published_events.py").is_file()

    compared = set(contexts(REPOSITORY)) - {CONSOLE}
    return tuple(sorted(compared & set(stacks), key=lambda name: (listens(name), name)))


def from_templates(stacks: Mapping[str, Stack]) -> Graph:
    """Make the graph as far as templates show it. They do not say which event a function publishes."""
    arrows = list(dict.fromkeys(arrow for name in contexts_among(stacks) for arrow in _arrows(stacks[name])))
    if not any(arrow.target == BUS for arrow in arrows):
        arrows = [
            arrow.model_copy(update={"text": f"{arrow.text}: never comes"}) if arrow.source == BUS else arrow
            for arrow in arrows
        ]
    names = dict.fromkeys(end for arrow in arrows for end in (arrow.source, arrow.target))
    return [
        Box(id=name, text=name.removeprefix(QUEUED), kind="queue" if QUEUED in name else KINDS.get(name, "step"))
        for name in names
    ], arrows


def places(stacks: Mapping[str, Stack]) -> dict[str, int]:
    """Count the places that a person has to read to know the next step within orders."""
    orders = stacks["orders"]
    if any(True for _ in workflows(orders)):
        return {"file": 1}
    return {"rules": len(orders.of(EVENT_RULE)), "functions that publish": len(publishers(orders))}


def publishers(stack: Stack) -> set[str]:
    return {permission.holder for permission in permissions(stack) if permission.allows("events:PutEvents")}


def called_neighbours(stacks: Mapping[str, Stack]) -> set[str]:
    """Name the neighbours' functions that the workflow of orders calls."""
    orders = stacks["orders"]
    return {name for workflow in workflows(orders) for name in _invoked(workflow)} - _functions(orders)


def _arrows(stack: Stack) -> Iterator[Arrow]:
    yield from _routes(stack)
    for permission in permissions(stack):
        holder = _name(permission.holder)
        for action, (target, text) in MAY.items():
            if permission.allows(action) and holder in _functions(stack):
                yield Arrow(source=holder, target=target, text=text)
    for workflow in workflows(stack):
        for name in dict.fromkeys(_invoked(workflow)):
            yield Arrow(source=WORKFLOW, target=name, text="invokes")
    for rule in stack.of(EVENT_RULE).values():
        yield from _heard(stack, rule)


def _routes(stack: Stack) -> Iterator[Arrow]:
    for method in stack.of(METHOD).values():
        path, resource = "", logical_id(method["ResourceId"])
        while part := stack.of(RESOURCE).get(resource):
            path, resource = f"/{part['PathPart']}{path}", logical_id(part["ParentId"])
        for function in references(method.get("Integration", {}).get("Uri")) & stack.functions.keys():
            name = _name(stack.functions[function].name)
            yield Arrow(source=GATEWAY, target=name, text=f"{method['HttpMethod']} {path or '/'}")


def _heard(stack: Stack, rule: Properties) -> Iterator[Arrow]:
    source = BUS if "EventBusName" in rule else "default bus"
    types = ", ".join(rule.get("EventPattern", {}).get("detail-type", ["every event"]))
    for target in rule.get("Targets", ()):
        queue = logical_id(target["Arn"])
        name = QUEUED + stack.called(queue).split("-", 2)[-1]
        yield Arrow(source=source, target=name, text=types)
        for mapping in stack.of(EVENT_SOURCE).values():
            function = stack.function_at(mapping["FunctionName"])
            if function and logical_id(mapping["EventSourceArn"]) == queue:
                yield Arrow(source=name, target=_name(function.name))


def _invoked(workflow: Workflow) -> Iterator[str]:
    """Yield the functions that a workflow invokes: its own by reference, others by their names."""
    for name, task in workflow.tasks.items():
        if name in workflow.steps:
            yield _name(workflow.steps[name].name)
        elif called := workflow.value_of(task.get("Parameters", {}).get("FunctionName")):
            yield flat(called).rpartition(":function:")[2].split("-", 3)[-1]


def _functions(stack: Stack) -> set[str]:
    return {_name(function.name) for function in stack.functions.values()}


def _name(function: str) -> str:
    return function.replace("_", "-")
