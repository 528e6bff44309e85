"""Every task of a workflow is tried again, and its last failure is a step of the process."""

from typing import Any

from shared.asl.data import TASK_FAILED, TIMEOUT
from shared.asl.graph import ANY_ERROR
from takeaway.fitness.evidence import Evidence
from takeaway.fitness.rule import Check, Report

# The kinds of error that every engine names alike; a retry by another name would work on one and not on the next.
PORTABLE_ERRORS = {TASK_FAILED, TIMEOUT, ANY_ERROR}
MOST_ATTEMPTS = 10


def tasks_retry(evidence: Evidence, report: Report) -> None:
    for workflow in evidence.workflows:
        for name, task in workflow.tasks.items():
            wrong = _wrong_with(task.get("Retry", []))
            if wrong:
                report.found(f"{workflow.stack.name}: state {name}", wrong)
        if workflow.tasks:
            report.saw(f"{workflow.name}: {len(workflow.tasks)} tasks and their Retry")


def _wrong_with(retriers: list[dict[str, Any]]) -> str:
    """Transient errors are tried again, ever more slowly, at random times, not for ever; none by an odd name."""
    again = [retrier for retrier in retriers if retrier.get("MaxAttempts") != 0]
    errors = {error for retrier in again for error in retrier["ErrorEquals"]}
    if not (ANY_ERROR in errors or {TASK_FAILED, TIMEOUT} <= errors):
        return "has no Retry of States.TaskFailed and States.Timeout"
    if not errors <= PORTABLE_ERRORS:
        return f"retries by {', '.join(sorted(errors - PORTABLE_ERRORS))}, which engines name differently"
    for retrier in again:
        if retrier.get("BackoffRate", 1) <= 1 or retrier.get("JitterStrategy") != "FULL":
            return "retries all at once: BackoffRate must be over 1 and JitterStrategy FULL"
        if not 0 < retrier.get("MaxAttempts", 0) <= MOST_ATTEMPTS or retrier.get("MaxDelaySeconds", 0) <= 0:
            return f"retries without a bound: MaxAttempts must be 1 to {MOST_ATTEMPTS}, and MaxDelaySeconds set"
    return ""


def tasks_catch(evidence: Evidence, report: Report) -> None:
    for workflow in evidence.workflows:
        for name, task in workflow.tasks.items():
            catches = task.get("Catch", [])
            if not catches or catches[-1]["ErrorEquals"] != [ANY_ERROR]:
                report.found(
                    f"{workflow.stack.name}: state {name}", f"some error ends the execution: no Catch of {ANY_ERROR}"
                )
        if workflow.tasks:
            ways = sorted({catch["Next"] for task in workflow.tasks.values() for catch in task.get("Catch", [])[-1:]})
            report.saw(f"{workflow.name}: {len(workflow.tasks)} tasks, whose last Catch leads to {', '.join(ways)}")


CHECKS: dict[str, Check] = {
    "tasks-retry": tasks_retry,
    "tasks-catch": tasks_catch,
}
