"""Workflows as they would be deployed, and the questions to a definition that several rules ask."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from shared.asl.graph import Definition, State, awaits_callback, tasks
from takeaway.check.templates.stack import STATE_MACHINE, Function, Stack
from takeaway.check.templates.values import flat


@dataclass(frozen=True)
class Workflow:
    """A state machine of a stack, by its logical id there.

    `substitutions` is what stands for each `${placeholder}` of its definition.
    """

    stack: Stack
    logical_id: str
    definition: Definition
    substitutions: dict[str, Any]

    def value_of(self, parameter: Any) -> Any:
        """What a parameter is when it is deployed: a placeholder stands for something of the stack."""
        if isinstance(parameter, str) and parameter.startswith("${"):
            return self.substitutions.get(parameter[2:-1])
        return parameter

    @property
    def name(self) -> str:
        return self.stack.called(self.logical_id)

    @property
    def tasks(self) -> dict[str, State]:
        return tasks(self.definition)

    @property
    def waits(self) -> dict[str, State]:
        """The states that wait for somebody to call back."""
        return {name: task for name, task in self.tasks.items() if awaits_callback(task)}

    @property
    def steps(self) -> dict[str, Function]:
        """State and function of every state that runs a function of its own stack."""
        asked = {
            name: self.value_of(task.get("Parameters", {}).get("FunctionName")) for name, task in self.tasks.items()
        }
        found = {name: self.stack.function_at(value) for name, value in asked.items() if value is not None}
        return {name: function for name, function in found.items() if function}

    @property
    def functions(self) -> list[Function]:
        """Those of its states, and retired ones: open executions call what no state calls any more."""
        handed = filter(None, map(self.stack.function_at, self.substitutions.values()))
        return list({function.logical_id: function for function in (*self.steps.values(), *handed)}.values())


def workflows(stack: Stack) -> Iterator[Workflow]:
    """The state machines of a stack; one whose definition is nowhere in the template has an empty one."""
    for name, properties in stack.of(STATE_MACHINE).items():
        try:
            definition = properties.get("Definition") or json.loads(flat(properties.get("DefinitionString", "{}")))
        except ValueError:
            definition = {}
        yield Workflow(stack, name, definition, properties.get("DefinitionSubstitutions", {}))
