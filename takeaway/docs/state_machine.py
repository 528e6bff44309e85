"""A workflow in the Amazon States Language, read as a graph: its states, and the ways from one to another."""

import json
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Literal

Kind = Literal["next", "choice", "otherwise", "catch"]
CATCH_ALL = "States.ALL"
END = ""  # the target of a state with "End": true
COMBINED = {"And": " and ", "Or": " or "}


@dataclass(frozen=True)
class Transition:
    source: str
    target: str
    kind: Kind
    label: str = ""


@dataclass(frozen=True)
class StateMachine:
    start: str
    states: dict[str, dict[str, Any]]

    @classmethod
    def parse(cls, definition: str) -> "StateMachine":
        document = json.loads(definition)
        return cls(start=document["StartAt"], states=document["States"])

    def transitions(self, name: str) -> list[Transition]:
        """The ways out of one state, in the order in which the file tells them."""
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
        """From the start without errors, at a choice by its first rule: by convention the good way comes first."""
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


def condition(rule: dict[str, Any]) -> str:
    """What a rule of a choice asks, as a person would say it: equality by the value alone."""
    for operator, words in COMBINED.items():
        if operator in rule:
            return words.join(condition(part) for part in rule[operator])
    if "Not" in rule:
        return f"not {condition(rule['Not'])}"
    operator, value = next((key, rule[key]) for key in rule if key not in {"Variable", "Next", "Comment"})
    if operator == "StringEquals":
        return str(value)
    return f"{rule['Variable'].removeprefix('$.')} {operator} {json.dumps(value)}"
