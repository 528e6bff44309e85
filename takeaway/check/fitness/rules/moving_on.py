"""Rules that only the workflow's steps change an order's status, and that a step has one name everywhere."""

import ast
import re
from collections.abc import Iterator
from functools import cache

from takeaway.check.fitness.calls import Calls
from takeaway.check.fitness.code import Code
from takeaway.check.fitness.evidence import Evidence
from takeaway.check.fitness.names import Function
from takeaway.check.fitness.rule import Finding, Told, Wrong, check, placed
from takeaway.check.fitness.triggers import closers, triggers
from takeaway.check.templates.workflow import Workflow

STATUS = "status"  # the aggregate's field that a step changes
MAKES_ANOTHER = "replace"  # dataclasses.replace, by which an immutable aggregate changes


@check("workflow-moves-on")
def moved_on(evidence: Evidence) -> Iterator[Told]:
    """Find handlers outside the workflow from which a status change can be reached in the call graph."""
    for workflow in evidence.workflows:
        context = workflow.stack.name
        ways = _ways_on(evidence.code, context)
        steps = {function.name for function in workflow.functions}
        closing = {function.name for function in closers(workflow.stack)}
        for handler in sorted(ways.keys() - steps - closing):
            told = " → ".join(map(_short, ways[handler]))
            yield Finding(f"contexts/{context}/handlers/{handler}.py", f"can move on: {told}")
        if ways:
            others = ", ".join(sorted(evidence.code.handlers_of(context) - ways.keys()))
            ended = "".join(f" and from {name} when an execution ends" for name in sorted(ways.keys() & closing))
            ends = ", ".join(sorted({_short(way[-1]) for way in ways.values()}))
            yield f"{context}: {ends} is called from {len(ways.keys() & steps)} steps{ended}; not from {others}"


@cache
def _ways_on(code: Code, context: str) -> dict[str, list[str]]:
    """Map handlers to a chain of calls that ends in a change of an aggregate's status; others are left out."""
    calls = code.calls_of(context)
    goals = _moves(calls, code, context)
    modules = {name: f"contexts.{context}.handlers.{name}:" for name in code.handlers_of(context)}
    # A handler is a function of its module, or is made while the module is imported.
    ways = {name: calls.way((module, f"{module}handler"), goals) for name, module in modules.items()}
    return {name: way for name, way in ways.items() if way}


def _moves(calls: Calls, code: Code, context: str) -> set[str]:
    """Return the functions that change a status. Adapters are left out, because they only read it from storage."""
    makers = {MAKES_ANOTHER, *code.defined_in(f"contexts.{context}.domain", ast.ClassDef)}
    return {
        name
        for name, function in calls.functions.items()
        if not name.startswith(f"contexts.{context}.adapters") and _gives_status(function, makers)
    }


def _gives_status(function: Function, makers: set[str]) -> bool:
    return any(
        isinstance(node, ast.Call)
        and ast.unparse(node.func).rpartition(".")[2] in makers
        and STATUS in {keyword.arg for keyword in node.keywords}
        for node in ast.walk(function)
    )


def _short(node: str) -> str:
    module, _, name = node.partition(":")
    return name or module.rpartition(".")[2]


@check("one-name")
def one_name(evidence: Evidence) -> Iterator[Told]:
    for workflow in evidence.workflows:
        stack, code = workflow.stack, evidence.code
        yield from placed(stack, _misnamed(workflow, code))
        deployed = {function.name: function for function in stack.functions.values()}
        for handler in sorted(code.handlers_of(stack.name)):
            if handler not in deployed or not triggers(stack, deployed[handler]):
                yield Finding(f"contexts/{stack.name}/handlers/{handler}.py", "is no step, and nothing else runs it")
        if workflow.steps:
            others = ", ".join(sorted(deployed.keys() - {function.name for function in workflow.steps.values()}))
            yield f"{workflow.name}: {len(workflow.steps)} states that run functions; beside them {others}"


def _misnamed(workflow: Workflow, code: Code) -> Iterator[Wrong]:
    context = workflow.stack.name
    use_cases = code.defined_in(f"contexts.{context}.application", ast.FunctionDef)
    for state, function in workflow.steps.items():
        where, name = f"state {state}", function.name
        # "Notify user of outcome" is the step "Notify user" at another place in the process.
        if not re.match(rf"{name}(_of_|$)", state.lower().replace(" ", "_")):
            yield where, f"runs {name}: a function of another name"
        if name not in code.handlers_of(context):
            yield where, f"runs {function.module}, which is no file in contexts/{context}/handlers"
        if name not in use_cases:
            yield where, f"has no use case {name} in contexts/{context}/application"
