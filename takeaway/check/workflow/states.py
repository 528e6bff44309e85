"""Find what a state of a definition needs from the rest of the system: functions, fields, requests, values."""

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
    """Return the function that a state calls, by the name of its placeholder; None if it calls none."""
    if INVOKE not in str(state.get("Resource")):
        return None
    found = PLACEHOLDER.fullmatch(str(state["Parameters"].get("FunctionName", "")))
    return found[1] if found else None


def sent(state: State) -> set[str]:
    """Return the names of the fields that the state calls its function with."""
    return {key.removesuffix(".$") for key in state["Parameters"].get("Payload", {})}


def answers_read(state: State) -> set[str]:
    """Return the names of the fields that the state reads from its function's answer."""
    paths = [value for value in state.get("ResultSelector", {}).values() if isinstance(value, str)]
    return {path.removeprefix(ANSWERED).partition(".")[0] for path in paths if path.startswith(ANSWERED)}


@dataclass(frozen=True)
class Wait:
    """A state that waits for a callback. `attribute` is where it stores its token.

    `unless` are the attributes that make the wait unnecessary, `reads` what it takes from the callback's output.
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
    """Return the AWS request that a state makes by itself, such as `dynamodb:getItem`; None if it makes none."""
    resource = str(state.get("Resource", ""))
    if state["Type"] != "Task" or INVOKE in resource:
        return None
    return resource.partition(":::")[2].removeprefix("aws-sdk:").removesuffix(".waitForTaskToken")


def values(state: State) -> dict[str, dict[str, str]]:
    """Map each field that a Choice looks at to the values that it knows, with the next state of each."""
    found: dict[str, dict[str, str]] = {}
    for rule in state.get("Choices", ()):
        for part in rule.get("And", [rule]):
            if "StringEquals" in part:
                field = part["Variable"].rpartition(".")[2]
                found.setdefault(field, {})[part["StringEquals"]] = rule["Next"]
    return found


def settings(state: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield the settings that matter to the execution alone, so that a change of them breaks nothing."""
    for name in ("TimeoutSeconds", "HeartbeatSeconds", "Retry", "Catch", "Next", "Default", "End"):
        yield name, state.get(name)
