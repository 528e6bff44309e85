"""The rules that a workflow must keep, as functions from its definition to what is wrong with it."""

import json
from collections.abc import Collection
from typing import Any

from takeaway.docs.state_machine import CATCH_ALL, END, StateMachine

Definition = dict[str, Any]

# the kinds of error that every engine names alike; a retry by another name would work on one engine and not on the next
PORTABLE_ERRORS = {"States.TaskFailed", "States.Timeout", "States.ALL"}
TOKEN = "$$.Task.Token"
TOKEN_STORE = "arn:aws:states:::aws-sdk:dynamodb:updateItem.waitForTaskToken"
MOST_ATTEMPTS = 10


def tasks(definition: Definition) -> dict[str, dict[str, Any]]:
    return {name: state for name, state in definition["States"].items() if state["Type"] == "Task"}


def waits(definition: Definition) -> dict[str, dict[str, Any]]:
    """The states that wait for somebody to call back."""
    return {name: state for name, state in tasks(definition).items() if state["Resource"].endswith(".waitForTaskToken")}


def tasks_without_timeout(definition: Definition) -> list[str]:
    return [name for name, state in tasks(definition).items() if not isinstance(state.get("TimeoutSeconds"), int)]


def tasks_without_sound_retry(definition: Definition) -> list[str]:
    return [name for name, state in tasks(definition).items() if not _retries_soundly(state.get("Retry", []))]


def _retries_soundly(retriers: list[dict[str, Any]]) -> bool:
    """Transient errors are tried again, ever more slowly, at random times, not for ever; none by an odd name."""
    again = [retrier for retrier in retriers if retrier.get("MaxAttempts") != 0]
    errors = {error for retrier in again for error in retrier["ErrorEquals"]}
    covered = "States.ALL" in errors or {"States.TaskFailed", "States.Timeout"} <= errors
    return (
        covered
        and errors <= PORTABLE_ERRORS
        and all(
            retrier.get("BackoffRate", 1) > 1
            and retrier.get("JitterStrategy") == "FULL"
            and 0 < retrier.get("MaxAttempts", 0) <= MOST_ATTEMPTS
            and retrier.get("MaxDelaySeconds", 0) > 0
            for retrier in again
        )
    )


def tasks_without_catch(definition: Definition) -> list[str]:
    """Tasks from which some error would end the execution."""
    return [
        name
        for name, state in tasks(definition).items()
        if not state.get("Catch") or state["Catch"][-1]["ErrorEquals"] != [CATCH_ALL]
    ]


def waits_without_way_out(definition: Definition) -> list[str]:
    """Waits whose end by timeout is not a step of the process, but a failure or nothing at all."""
    failure = {catch["Next"] for state in tasks(definition).values() for catch in state.get("Catch", [])[-1:]}
    return [
        name
        for name, state in waits(definition).items()
        if not any(
            "States.Timeout" in catch["ErrorEquals"] and catch["Next"] not in failure
            for catch in state.get("Catch", [])
        )
    ]


def deadline_before_its_waits(definition: Definition) -> list[str]:
    """The deadline of the whole order stands behind those of its waits: else it would end what still may go well."""
    whole = definition.get("TimeoutSeconds", 0)
    return [] if whole > sum(state["TimeoutSeconds"] for state in waits(definition).values()) else ["TimeoutSeconds"]


def leaked_tokens(definition: Definition) -> list[str]:
    """States that hand the task token to anything but the order's own item."""
    return [
        name
        for name, state in definition["States"].items()
        if TOKEN in json.dumps(state) and state.get("Resource") != TOKEN_STORE
    ]


def unreachable(definition: Definition) -> list[str]:
    return sorted(set(definition["States"]) - _reachable(definition, definition["StartAt"]))


def dead_ends(definition: Definition) -> list[str]:
    """States from which no end can be reached."""
    ends = {name for name, state in definition["States"].items() if state["Type"] in {"Succeed", "Fail"}} | {END}
    return [name for name in definition["States"] if not _reachable(definition, name) & ends]


def loops_without_wait(definition: Definition) -> list[str]:
    """States that can come back to themselves with no person and no deadline in between: a failure would spin there."""
    waiting = set(waits(definition))
    return [
        name
        for name in definition["States"]
        if name not in waiting
        and any(name in _reachable(definition, target, around=waiting) for target in _next(definition, name))
    ]


def _reachable(definition: Definition, start: str, around: Collection[str] = ()) -> set[str]:
    """The states (and END) to which one can lead, itself included, without passing through those to go around."""
    seen: set[str] = set()
    ahead = [start]
    while ahead:
        name = ahead.pop()
        if name in seen or name in around:
            continue
        seen.add(name)
        ahead += _next(definition, name)
    return seen


def _next(definition: Definition, name: str) -> list[str]:
    machine = StateMachine(definition["StartAt"], definition["States"])
    return [] if name == END else [way.target for way in machine.transitions(name)]
