"""What a workflow carries, and what its names lead to."""

import ast
import re
from collections.abc import Iterator
from typing import Any

from takeaway.fitness.code import Code
from takeaway.fitness.evidence import Evidence
from takeaway.fitness.rule import Check, Report
from takeaway.fitness.triggers import triggers
from takeaway.templates.workflow import Workflow

INVOKES = "lambda:invoke"
ID = re.compile(r"(?P<name>\w+_id)\.\$ \$\.(\w+\.)*(?P=name)")  # "order_id.$": "$.order_id"


def ids_only(evidence: Evidence, report: Report) -> None:
    for workflow in evidence.workflows:
        invoking = {name: task for name, task in workflow.tasks.items() if task["Resource"].endswith(INVOKES)}
        for name, task in invoking.items():
            where = f"{workflow.stack.name}: state {name}"
            payload = task.get("Parameters", {}).get("Payload")
            if not _is_of_ids(payload):
                report.found(where, f"hands over {payload}: expected ids and nothing else")
            if task.get("ResultPath", "$") is not None and "ResultSelector" not in task:
                report.found(
                    where, "keeps all that its function answers: no ResultSelector, and ResultPath is not null"
                )
        if invoking:
            report.saw(f"{workflow.name}: what {len(invoking)} states hand to their functions, and keep of the answers")


def _is_of_ids(payload: Any) -> bool:
    return (
        isinstance(payload, dict)
        and bool(payload)
        and all(ID.fullmatch(f"{key} {value}") for key, value in payload.items())
    )


def one_name(evidence: Evidence, report: Report) -> None:
    for workflow in evidence.workflows:
        stack, code = workflow.stack, evidence.code
        report.found_in(stack.name, _misnamed(workflow, code))
        deployed = {function.name: function for function in stack.functions.values()}
        for handler in sorted(code.handlers_of(stack.name)):
            if handler not in deployed or not triggers(stack, deployed[handler]):
                report.found(f"contexts/{stack.name}/handlers/{handler}.py", "is no step, and nothing else runs it")
        if workflow.steps:
            others = sorted(deployed.keys() - {function.name for function in workflow.steps.values()})
            report.saw(
                f"{workflow.name}: {len(workflow.steps)} states that run functions; beside them {', '.join(others)}"
            )


def _misnamed(workflow: Workflow, code: Code) -> Iterator[tuple[str, str]]:
    context = workflow.stack.name
    use_cases = _functions_in(code, f"contexts.{context}.application")
    for state, function in workflow.steps.items():
        where, name = f"state {state}", function.name
        # "Notify user of outcome" is "Notify user" in another place of the process
        if not re.match(rf"{name}(_of_|$)", state.lower().replace(" ", "_")):
            yield where, f"runs {name}: a function of another name"
        if name not in code.handlers_of(context):
            yield where, f"runs {function.module}, which is no file in contexts/{context}/handlers"
        if name not in use_cases:
            yield where, f"has no use case {name} in contexts/{context}/application"


def _functions_in(code: Code, package: str) -> set[str]:
    return {
        node.name
        for path in code.runtime_of(package).values()
        for node in code.parsed(path).body
        if isinstance(node, ast.FunctionDef)
    }


CHECKS: dict[str, Check] = {
    "ids-only": ids_only,
    "one-name": one_name,
}
