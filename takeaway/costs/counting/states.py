"""As much of the Amazon States Language as executions take beyond what the walk of the documentation knows."""

from typing import Any

from takeaway.docs.events import asl
from takeaway.docs.events.asl import Data, State


def filled_in(template: Any, data: Data, token: str) -> Any:
    """A state's Parameters with its paths replaced by what they lead to."""
    if isinstance(template, list):
        return [filled_in(each, data, token) for each in template]
    if not isinstance(template, dict):
        return template
    filled = {}
    for key, value in template.items():
        if key.endswith(".$"):
            filled[key.removesuffix(".$")] = token if value == "$$.Task.Token" else at(data, value)
        else:
            filled[key] = filled_in(value, data, token)
    return filled


def after(state: State, result: Any, data: Data) -> Data:
    """The data once a state had this result."""
    into = state.get("ResultPath", "$")
    if into is None:
        return data
    selector = state.get("ResultSelector")
    selected = filled_in(selector, result, "") if selector else result
    return {**data, into.removeprefix("$."): selected} if into != "$" else dict(selected)


def chosen(state: State, data: Data) -> str:
    """Where a choice leads. Raises NotUnderstood."""
    for rule in state["Choices"]:
        if _holds(rule, data):
            return str(rule["Next"])
    return str(state["Default"])


def at(document: Any, path: str) -> Any:
    """The value at a simple path, which may end with the first of a list."""
    if path == "$":
        return document
    if path.endswith("[0]"):
        found = asl.at(document, path.removesuffix("[0]"))
        return found[0] if found else None
    return asl.at(document, path)


def attempts(state: State) -> int:
    """How often a task is tried that always fails."""
    for retry in state.get("Retry", ()):
        if {"States.TaskFailed", asl.ANY_ERROR} & set(retry["ErrorEquals"]):
            return 1 + int(retry.get("MaxAttempts", 3))
    return 1


def _holds(rule: dict[str, Any], data: Data) -> bool:
    if "And" in rule:
        return all(_holds(part, data) for part in rule["And"])
    value = at(data, rule["Variable"])
    match rule:
        case {"StringEquals": expected}:
            return bool(value == expected)
        case {"NumericLessThan": limit}:
            return value is not None and bool(value < limit)
        case {"IsPresent": expected}:
            return bool((value is not None) == expected)
        case _:
            raise asl.NotUnderstood(f"a choice by {sorted(set(rule) - {'Next', 'Comment', 'Variable'})}")
