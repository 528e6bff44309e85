"""As much of the Amazon States Language as the walk needs: choices, catches, and what becomes of a state's result."""

from typing import Any

TIMEOUT = "States.Timeout"
ANY_ERROR = "States.ALL"
CONDITION_FAILED = "DynamoDb.ConditionalCheckFailedException"

Data = dict[str, Any]
State = dict[str, Any]


class NotUnderstood(NotImplementedError):
    """The workflow uses something that the walk can't follow yet; the message says where."""


def chosen(state: State, data: Data) -> str:
    """Where a choice leads."""
    for rule in state["Choices"]:
        if "StringEquals" not in rule:
            raise NotUnderstood(f"a choice by {sorted(set(rule) - {'Next', 'Comment'})}")
        if at(data, rule["Variable"]) == rule["StringEquals"]:
            return str(rule["Next"])
    return str(state["Default"])


def caught(state: State, error: str) -> str:
    """Where an error leads: by the first catch that names it, as the service looks for one."""
    for catch in state["Catch"]:
        if error in catch["ErrorEquals"] or ANY_ERROR in catch["ErrorEquals"]:
            return str(catch["Next"])
    raise NotUnderstood(f"no catch for {error}")


def merged(state: State, result: Data, data: Data) -> Data:
    """The workflow's data after a state had this result."""
    into = state.get("ResultPath", "$")
    if into is None:
        return data
    if not into.startswith("$.") or "." in into.removeprefix("$."):
        raise NotUnderstood(f"ResultPath {into}")
    selector = state.get("ResultSelector")
    selected = {key.removesuffix(".$"): at(result, path) for key, path in selector.items()} if selector else result
    return {**data, into.removeprefix("$."): selected}


def at(document: Data, path: str) -> Any:
    """The value at a simple path such as "$.outcome.decision"; None when it is not there."""
    node: Any = document
    for step in path.removeprefix("$").lstrip(".").split("."):
        node = node.get(step) if isinstance(node, dict) else None
    return node
