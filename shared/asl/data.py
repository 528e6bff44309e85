"""The handling of data by one state: parameters, results, choices, catches and retries."""

from collections.abc import Mapping
from typing import Any

from shared.asl.graph import ANY_ERROR, State

TIMEOUT = "States.Timeout"
TASK_FAILED = "States.TaskFailed"
CONDITION_FAILED = "DynamoDb.ConditionalCheckFailedException"
TASK_TOKEN = "$$.Task.Token"  # noqa: S105 - a path, no secret
TRIES = 3  # retries, if MaxAttempts is not given: the language's default

Data = dict[str, Any]


class NotUnderstood(NotImplementedError):
    """The workflow uses a part of the language that is not read here yet; the message says which."""


def parameters(state: State, data: Data, *, token: str = "") -> Any:
    """Return the input of a task: the state's Parameters, with each path replaced by the value in `data`.

    `token` stands in for the task token, where the state passes one on.
    """
    return _filled_in(state["Parameters"], data, token)


def after(state: State, result: Any, data: Data) -> Data:
    """Return the workflow's data after a state with this result. Raises NotUnderstood."""
    into = state.get("ResultPath", "$")
    if into is None:
        return data
    selector = state.get("ResultSelector")
    selected = _filled_in(selector, result, "") if selector else result
    if into == "$":
        return dict(selected)
    name = into.removeprefix("$.")
    if name == into or "." in name:
        raise NotUnderstood(f"ResultPath {into}: expected $ or a single name such as $.outcome")
    return {**data, name: selected}


def chosen(state: State, data: Data) -> str:
    """Return the state that a choice leads to with this data. Raises NotUnderstood."""
    for rule in state["Choices"]:
        if _holds(rule, data):
            return str(rule["Next"])
    return str(state["Default"])


def caught(state: State, error: str) -> str:
    """Return the state that an error leads to: that of the first catch that names it. Raises NotUnderstood."""
    for catch in state["Catch"]:
        if error in catch["ErrorEquals"] or ANY_ERROR in catch["ErrorEquals"]:
            return str(catch["Next"])
    raise NotUnderstood(f"no catch for {error}")


def attempts(state: State) -> int:
    """Return how many times a task is tried that always fails."""
    for retry in state.get("Retry", ()):
        if {TASK_FAILED, ANY_ERROR} & set(retry["ErrorEquals"]):
            return 1 + int(retry.get("MaxAttempts", TRIES))
    return 1


def at(document: Any, path: str) -> Any:
    """Return the value at a simple path such as "$.outcome.decision" or "$.items[0]"; None if there is none."""
    node = document
    for step in path.removeprefix("$").lstrip(".").split("."):
        name = step.removesuffix("[0]")
        if name:
            node = node.get(name) if isinstance(node, dict) else None
        if name != step:
            node = node[0] if node else None
    return node


def _filled_in(template: Any, data: Any, token: str) -> Any:
    if isinstance(template, list):
        return [_filled_in(each, data, token) for each in template]
    if not isinstance(template, dict):
        return template
    filled = {}
    for key, value in template.items():
        if key.endswith(".$"):
            filled[key.removesuffix(".$")] = token if value == TASK_TOKEN else at(data, value)
        else:
            filled[key] = _filled_in(value, data, token)
    return filled


def _holds(rule: Mapping[str, Any], data: Data) -> bool:
    if "And" in rule:
        return all(_holds(part, data) for part in rule["And"])
    operators = rule.keys() - {"Next", "Comment", "Variable"}
    value = at(data, rule["Variable"]) if "Variable" in rule else None
    match rule:
        case {"StringEquals": expected}:
            return bool(value == expected)
        case {"NumericLessThan": limit}:
            return value is not None and bool(value < limit)
        case {"IsPresent": expected}:
            return bool((value is not None) == expected)
        case _:
            raise NotUnderstood(f"a choice by {', '.join(sorted(operators))}: only a few comparisons are read here")
