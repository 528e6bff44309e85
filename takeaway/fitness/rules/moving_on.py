"""Only the workflow moves an order on: read from who can call what in the code of a context."""

import ast
from functools import cache

from takeaway.fitness.calls import Calls
from takeaway.fitness.code import Code
from takeaway.fitness.evidence import Evidence
from takeaway.fitness.names import Function
from takeaway.fitness.rule import Check, Report
from takeaway.fitness.triggers import is_at_the_end_of_executions

STATUS = "status"  # the field of the aggregate that says how far the process is
MAKES_ANOTHER = "replace"  # of dataclasses: how an immutable aggregate changes


def moved_on(evidence: Evidence, report: Report) -> None:
    for workflow in evidence.workflows:
        stack = workflow.stack
        ways = _ways_on(evidence.code, stack.name)
        steps = {function.name for function in workflow.steps.values()}
        closers = {each.name for each in stack.functions.values() if is_at_the_end_of_executions(stack, each)}
        for handler in sorted(ways.keys() - steps - closers):
            told = " → ".join(map(_short, ways[handler]))
            report.found(f"contexts/{stack.name}/handlers/{handler}.py", f"can move on: {told}")
        if ways:
            others = ", ".join(sorted(evidence.code.handlers_of(stack.name) - ways.keys()))
            closing = "".join(f" and from {name} when an execution ends" for name in sorted(ways.keys() & closers))
            ends = ", ".join(sorted({_short(way[-1]) for way in ways.values()}))
            report.saw(
                f"{stack.name}: {ends} is called from {len(ways.keys() & steps)} steps{closing}; not from {others}"
            )


@cache
def _ways_on(code: Code, context: str) -> dict[str, list[str]]:
    """For each handler that can give an aggregate another status, a chain of calls that does."""
    calls = code.calls_of(context)
    goals = _moves(calls, code, context)
    ways = {name: calls.way(f"contexts.{context}.handlers.{name}:", goals) for name in code.handlers_of(context)}
    return {name: way for name, way in ways.items() if way}


def _moves(calls: Calls, code: Code, context: str) -> set[str]:
    """The functions that give an aggregate another status: adapters, which read it back from storage, do not."""
    domain = f"contexts.{context}.domain"
    aggregates = {
        node.name
        for path in code.runtime_of(domain).values()
        for node in code.parsed(path).body
        if isinstance(node, ast.ClassDef)
    }
    return {
        name
        for name, function in calls.functions.items()
        if not name.startswith(f"contexts.{context}.adapters") and _gives_status(function, {MAKES_ANOTHER, *aggregates})
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


CHECKS: dict[str, Check] = {
    "workflow-moves-on": moved_on,
}
