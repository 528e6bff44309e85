"""Inside a context one workflow says what happens next: what may make its functions run, and who may publish."""

from collections.abc import Iterator
from typing import Any

from takeaway.fitness.evidence import Evidence
from takeaway.fitness.patterns import may_match
from takeaway.fitness.rule import Check, Report
from takeaway.fitness.rules.publishing import may_publish
from takeaway.fitness.triggers import is_at_the_end_of_executions, triggers
from takeaway.templates.stack import EVENT_RULE, EVENT_SOURCE, STATE_MACHINE, SUBSCRIPTION, Stack
from takeaway.templates.values import flat, references
from takeaway.templates.workflow import Workflow


def own_events(evidence: Evidence, report: Report) -> None:
    for context, source in evidence.publishers.items():
        stack = evidence.contexts.get(context)
        if stack is None:
            continue
        report.found_in(context, _heard_from_itself(stack, source))
        report.found_in(context, _loops_without_the_bus(stack))
        rules = stack.of(EVENT_RULE).values()
        heard = {flat(rule.get("EventPattern", {}).get("source", "everything")) for rule in rules}
        listening = f"its own stack listens to {', '.join(sorted(heard))}" if heard else "its own stack has no rule"
        report.saw(f"{context} publishes {source}; {listening}")


def _heard_from_itself(stack: Stack, source: str) -> Iterator[tuple[str, str]]:
    for name, rule in stack.of(EVENT_RULE).items():
        if "ScheduleExpression" not in rule and may_match(rule.get("EventPattern", {}), source=source):
            yield f"rule {stack.called(name)}", f"takes events of {source}, its own"


def _loops_without_the_bus(stack: Stack) -> Iterator[tuple[str, str]]:
    """A change that makes a function run by a stream, a topic or a destination is an event by another name."""
    for name, source in stack.of(EVENT_SOURCE).items():
        if flat(source.get("EventSourceArn", "")).endswith(".StreamArn>"):
            yield f"event source {name}", "a function runs for every change of a table: an event by another name"
    topics = stack.of("AWS::SNS::Topic").keys()
    for name, subscription in stack.of(SUBSCRIPTION).items():
        if references(subscription.get("TopicArn")) & topics:
            yield f"subscription {name}", "listens to a topic of its own stack: an event by another name"
    for name, config in stack.of("AWS::Lambda::EventInvokeConfig").items():
        if "OnSuccess" in config.get("DestinationConfig", {}):
            yield f"destination {name}", "what a function answers makes the next one run"


def steps_run_by_the_workflow(evidence: Evidence, report: Report) -> None:
    for workflow in evidence.workflows:
        role = references(workflow.stack.of(STATE_MACHINE)[workflow.logical_id].get("RoleArn"))
        functions = {function.logical_id: function for function in workflow.steps.values()}
        for function in functions.values():
            for trigger in triggers(workflow.stack, function):
                if trigger.logical_id not in {workflow.logical_id, *role}:
                    report.found(f"{workflow.stack.name}: function {function.name}", f"also run by {trigger.told}")
        if functions:
            report.saw(f"{workflow.name}: {len(functions)} functions are its steps")


def workflow_publishes(evidence: Evidence, report: Report) -> None:
    for workflow in evidence.workflows:
        stack, may = workflow.stack, may_publish(workflow.stack)
        steps = {function.logical_id for function in workflow.steps.values()}
        closers = {id_ for id_, each in stack.functions.items() if is_at_the_end_of_executions(stack, each)}
        for logical in sorted(may - steps - closers):
            report.found(f"{stack.name}: function {stack.functions[logical].name}", "may put events on the bus")
        if may:
            others = sorted(function.name for id_, function in stack.functions.items() if id_ not in may)
            closing = "".join(f", and {stack.functions[id_].name} when an execution ends" for id_ in may & closers)
            report.saw(f"{workflow.name}: {len(may & steps)} steps may publish{closing}; not: {', '.join(others)}")


def process_in_one_file(evidence: Evidence, report: Report) -> None:
    """The deployed definition is the file, but for its times, which a deployment chooses."""
    files = {path: _timeless(definition) for path, definition in evidence.definitions.items()}
    deployed: dict[str, list[Any]] = {}
    for workflow in evidence.workflows:
        context = workflow.stack.name
        deployed.setdefault(context, []).append(_timeless(workflow.definition))
        own = {path: file for path, file in files.items() if path.startswith(f"contexts/{context}/")}
        if _timeless(workflow.definition) in own.values():
            report.saw(f"{workflow.name} is {', '.join(own)}, {len(workflow.definition['States'])} states")
        else:
            report.found(f"{context}: state machine {workflow.name}", _how_they_differ(workflow, own))
    for path, file in files.items():
        if file not in deployed.get(path.split("/")[1], []):
            report.found(path, "no state machine of its context's stack is made from it")


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


CHECKS: dict[str, Check] = {
    "no-own-events": own_events,
    "steps-run-by-workflow": steps_run_by_the_workflow,
    "workflow-publishes": workflow_publishes,
    "process-in-one-file": process_in_one_file,
}
