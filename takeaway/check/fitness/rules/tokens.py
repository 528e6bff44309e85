"""Rules that a task token is kept in one attribute of one table, and is in no event, API or payload."""

import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from shared.asl.graph import State
from takeaway.check.fitness.code import Code, read_json
from takeaway.check.fitness.evidence import Evidence
from takeaway.check.fitness.rule import Finding, Told, Wrong, check, counted, each_workflow
from takeaway.check.fitness.token_flow import TokenFlow
from takeaway.check.templates.stack import STATE_MACHINE
from takeaway.check.templates.values import nodes, texts
from takeaway.check.templates.workflow import Workflow

# Matches the token, or the whole context object that has it; the last alternative is for JSONata.
HANDS_OVER = re.compile(r'\$\$\.Task\.Token|"\$\$(?:\.Task)?"|\$states\.context(?!\.(?!Task\b)\w)')
STORES = "arn:aws:states:::aws-sdk:dynamodb:updateItem.waitForTaskToken"
READS = "dynamodb:getItem"
STORED = re.compile(r"SET (?P<attribute>\w+) = (?P<value>:\w+)")
OF = {"schema": "events", "description": "an API", "template": "stacks, outside of workflows"}
DOCUMENTS = "docs/generated/openapi*.json"


@each_workflow("token-only-stored")
def only_stored(workflow: Workflow) -> Iterator[str | Wrong]:
    attributes = _attributes(workflow)
    for name, state in workflow.tasks.items():
        if _hands_over(state) and not _stores(state):
            yield f"state {name}", "hands the task token to something else than its own table"
        if READS in state["Resource"] and _reads_token(state, attributes):
            yield f"state {name}", "reads the whole item, and the token with it: no ProjectionExpression without it"
    for name, state in workflow.definition.get("States", {}).items():
        if state["Type"] != "Task" and _hands_over({key: value for key, value in state.items() if key != "States"}):
            yield f"state {name}", "puts the task token into the workflow's data"
    if attributes:
        yield f"{workflow.name}: {len(workflow.waits)} waits, whose tokens go to {', '.join(sorted(attributes))}"


def _attributes(workflow: Workflow) -> set[str]:
    """Return the table's attributes in which the waits store their tokens."""
    updates = [task.get("Parameters", {}).get("UpdateExpression", "") for task in workflow.waits.values()]
    return {found["attribute"] for update in updates if (found := STORED.search(update))}


def _hands_over(state: State) -> bool:
    return bool(HANDS_OVER.search(json.dumps(state)))


def _stores(state: State) -> bool:
    """True if the token only goes into a table's update, as one of its values."""
    values = state.get("Parameters", {}).get("ExpressionAttributeValues", {})
    rest = state | {"Parameters": {**state.get("Parameters", {}), "ExpressionAttributeValues": {}}}
    return state["Resource"] == STORES and _hands_over(values) and not _hands_over(rest)


def _reads_token(state: State, attributes: set[str]) -> bool:
    named = re.findall(r"\w+", state.get("Parameters", {}).get("ProjectionExpression", ""))
    return not named or bool(attributes & set(named))


@check("token-in-no-contract")
def in_no_contract(evidence: Evidence) -> Iterator[Told]:
    """Find token fields in what others see of a context: its events, its API, and functions' environments."""
    code = evidence.code
    apis = {code.relative(path): read_json(path) for path in sorted(code.root.glob(DOCUMENTS))}
    for path, document in {**code.schemas, **apis}.items():
        yield from (Finding(path, f"has a field {name}") for name in _token_fields(document))
    for stack in evidence.stacks.values():
        for name, resource in stack.template["Resources"].items():
            said = texts(resource.get("Properties", {})) if resource["Type"] != STATE_MACHINE else ()
            if any("Task.Token" in text for text in said):
                yield Finding(f"{stack.name}: {stack.called(name)}", "is given a task token")
    for looked_at, name in ((code.schemas, "schema"), (apis, "description"), (evidence.stacks, "template")):
        if looked_at:
            yield f"{counted(looked_at, name)} of {OF[name]}"


def _token_fields(document: Any) -> Iterator[str]:
    for node in nodes(document):
        if isinstance(node, dict) and isinstance(node.get("properties"), dict):
            yield from (name for name in node["properties"] if "token" in name.lower())


@check("token-only-returned")
def only_returned(evidence: Evidence) -> Iterator[Told]:
    code = evidence.code
    for workflow in evidence.workflows:
        context = workflow.stack.name
        if attributes := _attributes(workflow):
            flow = _flow(code, context, frozenset(attributes))
            yield from (Finding(code.relative(code.runtime[module]), what) for module, what in flow.leaks)
            if flow.readers and flow.returns:
                yield (
                    f"{context}: read by {', '.join(sorted(flow.readers))}, used by {', '.join(sorted(flow.users))}, "
                    f"returned by {', '.join(sorted(flow.returns))}"
                )


@cache
def _flow(code: Code, context: str, attributes: frozenset[str]) -> TokenFlow:
    modules = code.runtime_of(f"contexts.{context}")
    return TokenFlow({name: code.parsed(path) for name, path in modules.items()}, attributes)
