"""Find the AWS requests that a definition makes by itself: waits that store their token, and reads of the table."""

import re
from dataclasses import dataclass
from typing import Any

from shared.asl.data import TASK_TOKEN
from shared.asl.graph import State, awaits_callback
from takeaway.check.workflow.states import INVOKE, selected

UNLESS = re.compile(r"attribute_not_exists\((#?\w+)\)")
READS_ITEMS = "dynamodb:getitem"


def service(state: State) -> str | None:
    """Return the AWS request that a state makes by itself, such as `dynamodb:getItem`; None if it makes none."""
    resource = str(state.get("Resource", ""))
    if state["Type"] != "Task" or INVOKE in resource:
        return None
    return resource.partition(":::")[2].removeprefix("aws-sdk:").removesuffix(".waitForTaskToken")


@dataclass(frozen=True)
class Wait:
    """A state that waits for a callback. `tokens` are the attributes of the `table` in which it stores its token.

    `unless` are the attributes that make the wait unnecessary, `reads` the parts that it takes from the callback's
    output.
    """

    table: str
    tokens: frozenset[str]
    unless: frozenset[str]
    reads: frozenset[str]

    @classmethod
    def of(cls, state: State) -> "Wait | None":
        asked = state.get("Parameters", {})
        given = asked.get("ExpressionAttributeValues", {})
        names = "|".join(re.escape(name) for name, value in given.items() if TASK_TOKEN in str(value))
        found = re.findall(rf"(#?\w+) *= *(?:{names})\b", str(asked.get("UpdateExpression"))) if names else []
        if not (awaits_callback(state) and found):
            return None
        unless = UNLESS.findall(str(asked.get("ConditionExpression")))
        return cls(str(asked.get("TableName")), _meant(found, asked), _meant(unless, asked), frozenset(selected(state)))


def as_much(now: State, before: State) -> bool:
    """Tell whether a state asks for all that a state asked for before, so that it is surely there."""
    asked, was = now.get("Parameters", {}), before.get("Parameters", {})
    if str(service(before)).lower() != READS_ITEMS:
        return bool(asked == was)
    is_same = all(asked.get(name) == was.get(name) for name in ("TableName", "Key"))
    return is_same and (not _read(asked) or (bool(_read(was)) and _read(was) <= _read(asked)))


def _read(asked: dict[str, Any]) -> frozenset[str]:
    """Return the attributes that a read names; none if it takes the whole item."""
    return _meant(filter(None, re.split(r"[\s,]+", asked.get("ProjectionExpression", ""))), asked)


def _meant(names: Any, asked: dict[str, Any]) -> frozenset[str]:
    aliases = asked.get("ExpressionAttributeNames", {})
    return frozenset(aliases.get(name, name) for name in names)
