"""Workflows as they would be deployed, and the questions to a definition that several rules ask."""

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from takeaway.docs.state_machine import END, StateMachine
from takeaway.fitness.stack import STATE_MACHINE, Function, Stack
from takeaway.fitness.values import flat

Definition = dict[str, Any]
State = dict[str, Any]
WAITS_FOR_CALLBACK = ".waitForTaskToken"


@dataclass(frozen=True)
class Workflow:
    """A state machine of a stack. `substitutions` is what stands for each `${placeholder}` of its definition."""

    stack: Stack
    logical_id: str
    definition: Definition
    substitutions: dict[str, Any]

    @property
    def name(self) -> str:
        return self.stack.called(self.logical_id)

    @property
    def tasks(self) -> dict[str, State]:
        return tasks(self.definition)

    @property
    def waits(self) -> dict[str, State]:
        """The states that wait for somebody to call back."""
        return {name: task for name, task in self.tasks.items() if task["Resource"].endswith(WAITS_FOR_CALLBACK)}

    @property
    def steps(self) -> dict[str, Function]:
        """State and function of every state that runs a function of its own stack."""
        asked = {
            name: self.value_of(task.get("Parameters", {}).get("FunctionName")) for name, task in self.tasks.items()
        }
        found = {name: self.stack.function_at(value) for name, value in asked.items() if value is not None}
        return {name: function for name, function in found.items() if function}

    def value_of(self, parameter: Any) -> Any:
        """What a parameter is when it is deployed: a placeholder stands for something of the stack."""
        if isinstance(parameter, str) and parameter.startswith("${"):
            return self.substitutions.get(parameter[2:-1])
        return parameter


def workflows(stack: Stack) -> Iterator[Workflow]:
    """The state machines of a stack; one whose definition is nowhere in the template has an empty one."""
    for name, properties in stack.of(STATE_MACHINE).items():
        try:
            definition = properties.get("Definition") or json.loads(flat(properties.get("DefinitionString", "{}")))
        except ValueError:
            definition = {}
        yield Workflow(stack, name, definition, properties.get("DefinitionSubstitutions", {}))


def machines(definition: Definition) -> Iterator[Definition]:
    """The definition, and those inside its Parallel and Map states."""
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
    """The states (and END) to which one can lead, itself included, without passing through those to go around."""
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
    machine = StateMachine(definition["StartAt"], definition["States"])
    return [] if name == END else [way.target for way in machine.transitions(name)]
