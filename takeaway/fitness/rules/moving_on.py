"""Only the workflow moves an order on: read from who can call what in the code of a context."""

import ast

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
        stack, code = workflow.stack, evidence.code
        calls, handlers = _calls(code, stack.name), f"contexts.{stack.name}.handlers"
        goals = _moves(calls, code, stack.name)
        steps = {function.name for function in workflow.steps.values()}
        closers = {each.name for each in stack.functions.values() if is_at_the_end_of_executions(stack, each)}
        moving = set()
        for handler in sorted(code.handlers_of(stack.name)):
            way = calls.way(f"{handlers}.{handler}:", goals)
            if way is None:
                continue
            moving.add(handler)
            if handler not in steps | closers:
                report.found(f"contexts/{stack.name}/handlers/{handler}.py", f"can move on: {_told(way)}")
        if moving:
            others = sorted(code.handlers_of(stack.name) - moving)
            report.saw(
                f"{stack.name}: {', '.join(sorted(_short(goal) for goal in goals))} can be called from "
                f"{len(moving & steps)} steps and {', '.join(sorted(moving & closers)) or 'nothing else'}; "
                f"not from {', '.join(others)}"
            )


def _calls(code: Code, context: str) -> Calls:
    return Calls({name: code.parsed(path) for name, path in code.runtime_of(f"contexts.{context}").items()})


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


def _told(way: list[str]) -> str:
    return " → ".join(map(_short, way))


def _short(node: str) -> str:
    module, _, name = node.partition(":")
    return name or module.rpartition(".")[2]


CHECKS: dict[str, Check] = {
    "workflow-moves-on": moved_on,
}
