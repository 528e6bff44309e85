"""What one state of a definition needs of the rest of the system, as its execution asks for it."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from shared.asl.graph import State, awaits_callback

INVOKE = "lambda:invoke"
TOKEN = re.compile(r"SET (\w+) = :token")
NAMES = re.compile(r"attribute_(?:not_)?exists\((\w+)\)")
ANSWERED = "$.Payload."
PLACEHOLDER = re.compile(r"\$\{(\w+)\}")


def called(state: State) -> str | None:
    """The function that a state calls, by its step's name: the placeholder of its template."""
    if INVOKE not in str(state.get("Resource")):
        return None
    found = PLACEHOLDER.fullmatch(str(state["Parameters"].get("FunctionName", "")))
    return found[1] if found else None


def sent(state: State) -> set[str]:
    """The fields that a function is called with."""
    return {key.removesuffix(".$") for key in state["Parameters"].get("Payload", {})}


def answers_read(state: State) -> set[str]:
    """The fields that a state takes from what its function answers."""
    paths = [value for value in state.get("ResultSelector", {}).values() if isinstance(value, str)]
    return {path.removeprefix(ANSWERED).partition(".")[0] for path in paths if path.startswith(ANSWERED)}


@dataclass(frozen=True)
class Wait:
    """`attribute` is where it stores its token, `unless` which attributes end the wait before it begins.

    `reads` is what it takes from the output that wakes it up.
    """

    attribute: str
    unless: frozenset[str]
    reads: str

    @classmethod
    def of(cls, state: State) -> "Wait | None":
        asked = state.get("Parameters", {})
        found = TOKEN.search(str(asked.get("UpdateExpression")))
        if not (awaits_callback(state) and found):
            return None
        unless = frozenset(NAMES.findall(str(asked.get("ConditionExpression"))))
        return cls(found[1], unless, json.dumps(state.get("ResultSelector"), sort_keys=True))


def service(state: State) -> str | None:
    """The request to AWS that a state makes by itself: `dynamodb:getItem`."""
    resource = str(state.get("Resource", ""))
    if state["Type"] != "Task" or INVOKE in resource:
        return None
    return resource.partition(":::")[2].removeprefix("aws-sdk:").removesuffix(".waitForTaskToken")


def values(state: State) -> dict[str, dict[str, str]]:
    """By the field that a choice looks at, the values that it knows and where each leads."""
    found: dict[str, dict[str, str]] = {}
    for rule in state.get("Choices", ()):
        for part in rule.get("And", [rule]):
            if "StringEquals" in part:
                field = part["Variable"].rpartition(".")[2]
                found.setdefault(field, {})[part["StringEquals"]] = rule["Next"]
    return found


def settings(state: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """What an execution keeps as it was, and what nobody else has to know."""
    for name in ("TimeoutSeconds", "HeartbeatSeconds", "Retry", "Catch", "Next", "Default", "End"):
        yield name, state.get(name)
