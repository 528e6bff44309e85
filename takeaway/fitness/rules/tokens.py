"""A task token is in one attribute of one table, and in no payload."""

import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from shared.asl.graph import State
from takeaway.fitness.code import Code
from takeaway.fitness.evidence import Evidence
from takeaway.fitness.rule import Check, Report, counted
from takeaway.fitness.token_flow import TokenFlow
from takeaway.templates.stack import STATE_MACHINE
from takeaway.templates.values import nodes, texts
from takeaway.templates.workflow import Workflow

# the token itself, or all of the context object that it is in; the last for JSONata
HANDS_OVER = re.compile(r'\$\$\.Task\.Token|"\$\$(?:\.Task)?"|\$states\.context(?!\.(?!Task\b)\w)')
STORES = "arn:aws:states:::aws-sdk:dynamodb:updateItem.waitForTaskToken"
READS = "dynamodb:getItem"
STORED = re.compile(r"SET (?P<attribute>\w+) = (?P<value>:\w+)")
OF = {"schema": "events", "description": "an API", "template": "stacks, outside of workflows"}
DOCUMENTS = "docs/openapi*.json"


def only_stored(evidence: Evidence, report: Report) -> None:
    for workflow in evidence.workflows:
        attributes = _attributes(workflow)
        for name, state in workflow.tasks.items():
            where = f"{workflow.stack.name}: state {name}"
            if _hands_over(state) and not _stores(state):
                report.found(where, "hands the task token to something else than its own table")
            if READS in state["Resource"] and _reads_token(state, attributes):
                report.found(where, "reads the whole item, and the token with it: no ProjectionExpression without it")
        for name, state in workflow.definition.get("States", {}).items():
            if state["Type"] != "Task" and _hands_over({key: value for key, value in state.items() if key != "States"}):
                report.found(f"{workflow.stack.name}: state {name}", "puts the task token into the workflow's data")
        if attributes:
            report.saw(
                f"{workflow.name}: {len(workflow.waits)} waits, whose tokens go to {', '.join(sorted(attributes))}"
            )


def _attributes(workflow: Workflow) -> set[str]:
    """The attributes of the table in which the waits put their tokens."""
    updates = [task.get("Parameters", {}).get("UpdateExpression", "") for task in workflow.waits.values()]
    return {found["attribute"] for update in updates if (found := STORED.search(update))}


def _hands_over(state: State) -> bool:
    return bool(HANDS_OVER.search(json.dumps(state)))


def _stores(state: State) -> bool:
    """It goes to the update of a table, as one value of it, and nowhere else."""
    values = state.get("Parameters", {}).get("ExpressionAttributeValues", {})
    rest = state | {"Parameters": {**state.get("Parameters", {}), "ExpressionAttributeValues": {}}}
    return state["Resource"] == STORES and _hands_over(values) and not _hands_over(rest)


def _reads_token(state: State, attributes: set[str]) -> bool:
    named = re.findall(r"\w+", state.get("Parameters", {}).get("ProjectionExpression", ""))
    return not named or bool(attributes & set(named))


def in_no_contract(evidence: Evidence, report: Report) -> None:
    """What others can see of a context: its events, its API, and the environment of functions."""
    code = evidence.code
    apis = {code.relative(file): json.loads(file.read_text("utf-8")) for file in sorted(code.root.glob(DOCUMENTS))}
    for path, document in {**code.schemas, **apis}.items():
        for name in _token_fields(document):
            report.found(path, f"has a field {name}")
    for stack in evidence.stacks.values():
        for name, resource in stack.template["Resources"].items():
            said = texts(resource.get("Properties", {})) if resource["Type"] != STATE_MACHINE else ()
            if any("Task.Token" in text for text in said):
                report.found(f"{stack.name}: {stack.called(name)}", "is given a task token")
    for looked_at, name in ((code.schemas, "schema"), (apis, "description"), (evidence.stacks, "template")):
        if looked_at:
            report.saw(f"{counted(looked_at, name)} of {OF[name]}")


def _token_fields(document: Any) -> Iterator[str]:
    for node in nodes(document):
        if isinstance(node, dict) and isinstance(node.get("properties"), dict):
            yield from (name for name in node["properties"] if "token" in name.lower())


def only_returned(evidence: Evidence, report: Report) -> None:
    for workflow in evidence.workflows:
        attributes = _attributes(workflow)
        if not attributes:
            continue
        context = workflow.stack.name
        flow = _flow(evidence.code, context, frozenset(attributes))
        for module, what in flow.leaks:
            report.found(evidence.code.relative(evidence.code.runtime[module]), what)
        if flow.readers and flow.returns:
            report.saw(
                f"{context}: read by {', '.join(sorted(flow.readers))}, used by {', '.join(sorted(flow.users))}, "
                f"returned by {', '.join(sorted(flow.returns))}"
            )


@cache
def _flow(code: Code, context: str, attributes: frozenset[str]) -> TokenFlow:
    modules = code.runtime_of(f"contexts.{context}")
    return TokenFlow({name: code.parsed(path) for name, path in modules.items()}, attributes)


CHECKS: dict[str, Check] = {
    "token-only-stored": only_stored,
    "token-in-no-contract": in_no_contract,
    "token-only-returned": only_returned,
}
