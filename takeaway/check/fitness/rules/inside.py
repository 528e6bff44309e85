"""Rules that one workflow decides inside a context: only it runs the steps, and only steps publish."""

from collections.abc import Iterator
from typing import Any

from takeaway.check.fitness.evidence import Evidence
from takeaway.check.fitness.patterns import may_match
from takeaway.check.fitness.permissions import may_publish
from takeaway.check.fitness.rule import Finding, Told, Wrong, check, each_workflow, placed
from takeaway.check.fitness.triggers import closers, triggers
from takeaway.check.templates.stack import EVENT_RULE, EVENT_SOURCE, STATE_MACHINE, SUBSCRIPTION, Stack
from takeaway.check.templates.values import flat, references
from takeaway.check.templates.workflow import Workflow


@check("no-own-events")
def own_events(evidence: Evidence) -> Iterator[Told]:
    for context, source in evidence.publishers.items():
        if stack := evidence.contexts.get(context):
            yield from placed(stack, (*_heard_from_itself(stack, source), *_loops_without_the_bus(stack)))
            rules = stack.of(EVENT_RULE).values()
            heard = {flat(rule.get("EventPattern", {}).get("source", "everything")) for rule in rules}
            listening = f"its own stack listens to {', '.join(sorted(heard))}" if heard else "its own stack has no rule"
            yield f"{context} publishes {source}; {listening}"


def _heard_from_itself(stack: Stack, source: str) -> Iterator[Wrong]:
    for name, rule in stack.of(EVENT_RULE).items():
        if "ScheduleExpression" not in rule and may_match(rule.get("EventPattern", {}), source=source):
            yield f"rule {stack.called(name)}", f"takes events of {source}, its own"


def _loops_without_the_bus(stack: Stack) -> Iterator[Wrong]:
    """Find functions that run by a stream, a topic or a destination of their own stack: events by another name."""
    for name, mapping in stack.of(EVENT_SOURCE).items():
        if flat(mapping.get("EventSourceArn", "")).endswith(".StreamArn>"):
            yield f"event source {name}", "a function runs for every change of a table: an event by another name"
    topics = stack.of("AWS::SNS::Topic").keys()
    for name, subscription in stack.of(SUBSCRIPTION).items():
        if references(subscription.get("TopicArn")) & topics:
            yield f"subscription {name}", "listens to a topic of its own stack: an event by another name"
    for name, config in stack.of("AWS::Lambda::EventInvokeConfig").items():
        if "OnSuccess" in config.get("DestinationConfig", {}):
            yield f"destination {name}", "what a function answers makes the next one run"


@each_workflow("steps-run-by-workflow")
def steps_run_by_the_workflow(workflow: Workflow) -> Iterator[str | Wrong]:
    role = references(workflow.stack.of(STATE_MACHINE)[workflow.logical_id].get("RoleArn"))
    functions = workflow.functions
    for function in functions:
        for trigger in triggers(workflow.stack, function):
            if trigger.logical_id not in {workflow.logical_id, *role}:
                yield f"function {function.name}", f"also run by {trigger.told}"
    if functions:
        yield f"{workflow.name}: {len(functions)} functions are its steps"


@each_workflow("workflow-publishes")
def workflow_publishes(workflow: Workflow) -> Iterator[str | Wrong]:
    functions, may = workflow.stack.functions, may_publish(workflow.stack)
    steps = {function.logical_id for function in workflow.functions}
    closing = {function.logical_id for function in closers(workflow.stack)}
    for logical in sorted(may - steps - closing):
        yield f"function {functions[logical].name}", "may put events on the bus"
    if may:
        others = sorted(function.name for id_, function in functions.items() if id_ not in may)
        ends = "".join(f", and {functions[id_].name} when an execution ends" for id_ in may & closing)
        yield f"{workflow.name}: {len(may & steps)} steps may publish{ends}; not: {', '.join(others)}"


@check("process-in-one-file")
def process_in_one_file(evidence: Evidence) -> Iterator[Told]:
    """Check that the deployed definition is the file's; timeouts may differ, because a deployment sets them."""
    files = {path: _timeless(definition) for path, definition in evidence.definitions.items()}
    deployed: dict[str, list[Any]] = {}
    for workflow in evidence.workflows:
        context = workflow.stack.name
        deployed.setdefault(context, []).append(_timeless(workflow.definition))
        own = {path: file for path, file in files.items() if path.startswith(f"contexts/{context}/")}
        if _timeless(workflow.definition) in own.values():
            yield f"{workflow.name} is {', '.join(own)}, {len(workflow.definition['States'])} states"
        else:
            yield Finding(f"{context}: state machine {workflow.name}", _how_they_differ(workflow, own))
    for path, file in files.items():
        if file not in deployed.get(path.split("/")[1], []):
            yield Finding(path, "no state machine of its context's stack is made from it")


def _timeless(definition: Any) -> Any:
    if isinstance(definition, dict):
        return {key: _timeless(value) for key, value in definition.items() if key != "TimeoutSeconds"}
    return [_timeless(each) for each in definition] if isinstance(definition, list) else definition


def _how_they_differ(workflow: Workflow, files: dict[str, Any]) -> str:
    if not files:
        return f"no file of contexts/{workflow.stack.name}/workflow says what it does"
    path, file = next(iter(files.items()))
    deployed, written = _timeless(workflow.definition).get("States", {}), file["States"]
    names = sorted(name for name in {*deployed, *written} if deployed.get(name) != written.get(name))
    return f"differs from {path} in {', '.join(names) or 'its beginning'}"
