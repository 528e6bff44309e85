"""Find what a state of a definition needs from the functions that it calls, and the values that a choice knows."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from shared.asl.graph import ANY_ERROR, Definition, State, StateMachine, Transition, machines, states, tasks

INVOKE = "lambda:invoke"
ANSWERED = "$.Payload."
PLACEHOLDER = re.compile(r"\$\{(\w+)\}")
TOLD_OTHERWISE = frozenset({"Comment", "Choices"})  # a comment says nothing to an execution


def called(state: State) -> str | None:
    """Return the function that a state calls, by the name of its placeholder; None if it calls none."""
    if INVOKE not in str(state.get("Resource")):
        return None
    found = PLACEHOLDER.fullmatch(str(state.get("Parameters", {}).get("FunctionName", "")))
    return found[1] if found else None


def sent(state: State) -> set[str]:
    """Return the names of the fields that the state calls its function with."""
    return {key.removesuffix(".$") for key in state.get("Parameters", {}).get("Payload", {})}


def selected(state: State) -> set[str]:
    """Return the paths of what the state takes from its result."""
    return {value for value in state.get("ResultSelector", {}).values() if isinstance(value, str)}


def answers_read(state: State) -> set[str]:
    """Return the names of the fields that the state reads from its function's answer."""
    return {path.removeprefix(ANSWERED).partition(".")[0] for path in selected(state) if path.startswith(ANSWERED)}


def values(state: State) -> dict[str, dict[str, str]]:
    """Map each field that a Choice looks at to the values that it knows, with the next state of each."""
    found: dict[str, dict[str, str]] = {}
    for rule in state.get("Choices", ()):
        for part in _comparisons(rule):
            if "StringEquals" in part:
                field = part["Variable"].rpartition(".")[2]
                found.setdefault(field, {})[part["StringEquals"]] = rule["Next"]
    return found


def _comparisons(rule: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    inner = [*rule.get("And", ()), *rule.get("Or", ()), *filter(None, [rule.get("Not")])]
    if not inner:
        yield rule
    for part in inner:
        yield from _comparisons(part)


def failures(definition: Definition) -> set[str]:
    """Return the states that a task's last Catch leads to, when nothing else has helped."""
    catches = (catch for task in tasks(definition).values() for catch in task.get("Catch", ()))
    return {catch["Next"] for catch in catches if ANY_ERROR in catch["ErrorEquals"]}


def producers(definition: Definition, name: str, field: str) -> Iterator[State]:
    """Yield the states from which a state has a field: those that select it, on the ways that lead there."""
    all_states, seen, ahead = states(definition), set[str](), [name]
    ways = [way for machine in machines(definition) for each in machine["States"] for way in _ways(machine, each)]
    while ahead:
        target = ahead.pop()
        for source in {way.source for way in ways if way.target == target} - seen:
            seen.add(source)
            if f"{field}.$" in all_states[source].get("ResultSelector", {}):
                yield all_states[source]
            else:
                ahead.append(source)


def _ways(machine: Definition, name: str) -> list[Transition]:
    return StateMachine.of(machine).transitions(name)


def settings(before: State, now: State) -> Iterator[str]:
    """Name the settings in which a state differs from the same state before."""
    for name in dict.fromkeys((*before, *now)):
        if name not in TOLD_OTHERWISE and before.get(name) != now.get(name):
            yield name
