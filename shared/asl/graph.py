"""A workflow in the Amazon States Language as a graph: its states, and the transitions between them."""

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Literal

Definition = dict[str, Any]
State = dict[str, Any]
Kind = Literal["next", "choice", "otherwise", "catch"]
ANY_ERROR = "States.ALL"
END = ""  # the target of a state with "End": true
SUCCEEDED, FAILED, STOPPED = "SUCCEEDED", "FAILED", "ABORTED"  # how an execution ends
COMBINED = {"And": " and ", "Or": " or "}


@dataclass(frozen=True)
class Transition:
    source: str
    target: str
    kind: Kind
    label: str = ""


@dataclass(frozen=True)
class StateMachine:
    """A workflow's definition.

    `start` is the name of the first state; states inside Parallel and Map are not among `states`.
    """

    start: str
    states: dict[str, State]

    @classmethod
    def parse(cls, definition: str) -> "StateMachine":
        return cls.of(json.loads(definition))

    @classmethod
    def of(cls, definition: Definition) -> "StateMachine":
        return cls(start=definition["StartAt"], states=definition["States"])

    def transitions(self, name: str) -> list[Transition]:
        """Return the transitions out of one state, in the order of the file."""
        state = self.states[name]
        ways = [Transition(name, rule["Next"], "choice", condition(rule)) for rule in state.get("Choices", ())]
        if "Default" in state:
            ways.append(Transition(name, state["Default"], "otherwise", "otherwise"))
        if "Next" in state:
            ways.append(Transition(name, state["Next"], "next"))
        if state.get("End"):
            ways.append(Transition(name, END, "next"))
        for catch in state.get("Catch", ()):
            ways.append(Transition(name, catch["Next"], "catch", ", ".join(catch["ErrorEquals"])))
        return ways

    def main_path(self) -> list[str]:
        """Return the states of the main path: without errors, and at each choice by its first rule.

        Works because our definitions have the good way first, by convention.
        """
        path: list[str] = []
        name = self.start
        while name and name not in path:
            path.append(name)
            name = next((way.target for way in self.transitions(name) if way.kind != "catch"), END)
        return path

    def main_steps(self) -> set[tuple[str, str]]:
        path = self.main_path()
        last = [(path[-1], END)] if self.states[path[-1]].get("End") else []
        return {*pairwise(path), *last}


def ends(state: State) -> str | None:
    """Return the status with which an execution ends in this state; None if the state does not end it.

    A state with "End": true leads to END, where the execution has SUCCEEDED.
    """
    return {"Succeed": SUCCEEDED, "Fail": FAILED}.get(state["Type"])


def awaits_callback(state: State) -> bool:
    """Tell whether the state waits until a caller returns its task token."""
    return str(state.get("Resource", "")).endswith(".waitForTaskToken")


def machines(definition: Definition) -> Iterator[Definition]:
    """Yield the definition, and those inside its Parallel and Map states."""
    if "States" not in definition:
        return
    yield definition
    for state in definition["States"].values():
        inner = [*state.get("Branches", ()), state.get("ItemProcessor"), state.get("Iterator")]
        for machine in filter(None, inner):
            yield from machines(machine)


def states(definition: Definition) -> dict[str, State]:
    return {name: state for machine in machines(definition) for name, state in machine["States"].items()}


def tasks(definition: Definition) -> dict[str, State]:
    return {name: state for name, state in states(definition).items() if state["Type"] == "Task"}


def reachable(definition: Definition, start: str, around: Collection[str] = ()) -> set[str]:
    """Return the states (and END) that can be reached from `start` without passing through `around`.

    `start` itself is one of them.
    """
    seen: set[str] = set()
    ahead = [start]
    while ahead:
        name = ahead.pop()
        if name in seen or name in around:
            continue
        seen.add(name)
        ahead += following(definition, name)
    return seen


def following(definition: Definition, name: str) -> list[str]:
    return [] if name == END else [way.target for way in StateMachine.of(definition).transitions(name)]


def condition(rule: dict[str, Any]) -> str:
    """Return a choice's rule as a person would say it; a comparison with a text is only that text."""
    for operator, words in COMBINED.items():
        if operator in rule:
            return words.join(condition(part) for part in rule[operator])
    if "Not" in rule:
        return f"not {condition(rule['Not'])}"
    operator, value = next((key, rule[key]) for key in rule if key not in {"Variable", "Next", "Comment"})
    if operator == "StringEquals":
        return str(value)
    return f"{rule['Variable'].removeprefix('$.')} {operator} {json.dumps(value)}"
