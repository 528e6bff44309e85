"""Rules that a workflow always ends: every task has a timeout, retries and a Catch, and every wait a way out."""

import re
from collections.abc import Iterator
from typing import Any

from shared.asl.data import TASK_FAILED, TIMEOUT
from shared.asl.graph import ANY_ERROR, END, Definition, ends, following, machines, reachable
from takeaway.check.fitness.rule import Wrong, each_workflow
from takeaway.check.templates.workflow import Workflow

# Errors that all engines name alike. A retry by another name would work on one engine and not on another.
PORTABLE_ERRORS = {TASK_FAILED, TIMEOUT, ANY_ERROR}
MOST_ATTEMPTS = 20
INVOKES = "lambda:invoke"
ID = re.compile(r"(?P<name>\w+_id)\.\$ \$\.(\w+\.)*(?P=name)")  # "order_id.$": "$.order_id"


@each_workflow("waits-way-out")
def waits_way_out(workflow: Workflow) -> Iterator[str | Wrong]:
    """Check that a wait's timeout leads to a step of its own, and not to the workflow's failure."""
    catches = [catch for task in workflow.tasks.values() for catch in task.get("Catch", [])]
    failure = {catch["Next"] for catch in catches if catch["ErrorEquals"] == [ANY_ERROR]}
    for name, task in workflow.waits.items():
        ways = [catch["Next"] for catch in task.get("Catch", []) if TIMEOUT in catch["ErrorEquals"]]
        if not set(ways) - failure:
            yield f"state {name}", f"no Catch of {TIMEOUT} leads to a step of its own"
        yield f"{name} waits {_told(task.get('TimeoutSeconds'))}, then {', '.join(ways) or 'nothing'}"


@each_workflow("deadline-last")
def deadline_last(workflow: Workflow) -> Iterator[str | Wrong]:
    whole = workflow.definition.get("TimeoutSeconds")
    waits = sum(int(task.get("TimeoutSeconds", 0)) for task in workflow.waits.values())
    if not isinstance(whole, int):
        yield workflow.name, "the workflow as a whole has no TimeoutSeconds"
    elif whole <= waits:
        yield workflow.name, f"ends after {whole} s, its waits alone may take {waits} s"
    yield f"{workflow.name}: {_told(whole)} in all, its waits take up to {_told(waits)}"


@each_workflow("states-end")
def states_end(workflow: Workflow) -> Iterator[str | Wrong]:
    for machine in machines(workflow.definition):
        waiting = workflow.waits.keys() & machine["States"].keys()
        for what, names in (
            ("can't be reached", _unreachable(machine)),
            ("leads to no end", _dead_ends(machine)),
            ("can come back to itself without waiting for anybody", _loops(machine, waiting)),
        ):
            yield from ((f"state {name}", what) for name in names)
        yield f"{workflow.name}: {len(machine['States'])} states"


def _unreachable(machine: Definition) -> list[str]:
    return sorted(machine["States"].keys() - reachable(machine, machine["StartAt"]))


def _dead_ends(machine: Definition) -> list[str]:
    last = {name for name, state in machine["States"].items() if ends(state)} | {END}
    return [name for name in machine["States"] if not reachable(machine, name) & last]


def _loops(machine: Definition, waiting: set[str]) -> list[str]:
    """Name the states that can come back to themselves without a wait: a failure would spin there."""
    return [
        name
        for name in machine["States"]
        if name not in waiting
        and any(name in reachable(machine, target, around=waiting) for target in following(machine, name))
    ]


def _told(seconds: object) -> str:
    if not isinstance(seconds, int):
        return "without end"
    return f"{seconds // 60} min" if seconds % 60 == 0 else f"{seconds} s"


@each_workflow("tasks-time-out")
def tasks_time_out(workflow: Workflow) -> Iterator[str | Wrong]:
    for name, task in workflow.tasks.items():
        if not isinstance(task.get("TimeoutSeconds"), int):
            yield f"state {name}", "has no TimeoutSeconds that is a number"
    if workflow.tasks:
        yield f"{workflow.name}: {len(workflow.tasks)} tasks"


@each_workflow("tasks-retry")
def tasks_retry(workflow: Workflow) -> Iterator[str | Wrong]:
    for name, task in workflow.tasks.items():
        if wrong := _wrong_with(task.get("Retry", [])):
            yield f"state {name}", wrong
    if workflow.tasks:
        yield f"{workflow.name}: {len(workflow.tasks)} tasks and their Retry"


def _wrong_with(retriers: list[dict[str, Any]]) -> str:
    """Describe what is wrong with a task's retries; empty if nothing is.

    Transient errors must be retried with backoff, jitter and a bound, under names that all engines know.
    """
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


@each_workflow("tasks-catch")
def tasks_catch(workflow: Workflow) -> Iterator[str | Wrong]:
    last = {name: task.get("Catch", [])[-1:] for name, task in workflow.tasks.items()}
    for name, catches in last.items():
        if not any(catch["ErrorEquals"] == [ANY_ERROR] for catch in catches):
            yield f"state {name}", f"some error ends the execution: no Catch of {ANY_ERROR}"
    if last:
        ways = sorted({catch["Next"] for catches in last.values() for catch in catches})
        yield f"{workflow.name}: {len(last)} tasks, whose last Catch leads to {', '.join(ways)}"


@each_workflow("ids-only")
def ids_only(workflow: Workflow) -> Iterator[str | Wrong]:
    invoking = {name: task for name, task in workflow.tasks.items() if task["Resource"].endswith(INVOKES)}
    for name, task in invoking.items():
        payload = task.get("Parameters", {}).get("Payload")
        if not _is_of_ids(payload):
            yield f"state {name}", f"hands over {payload}: expected ids and nothing else"
        if task.get("ResultPath", "$") is not None and "ResultSelector" not in task:
            what = "keeps all that its function answers: no ResultSelector, and ResultPath is not null"
            yield f"state {name}", what
    if invoking:
        yield f"{workflow.name}: what {len(invoking)} states hand to their functions, and keep of the answers"


def _is_of_ids(payload: Any) -> bool:
    said = payload.items() if isinstance(payload, dict) else ()
    return bool(said) and all(ID.fullmatch(f"{key} {value}") for key, value in said)
