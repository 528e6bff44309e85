"""The workflows of a synthesized stack, with the queries that several rules need."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from shared.asl.graph import Definition, State, awaits_callback, tasks
from takeaway.check.templates.stack import STATE_MACHINE, Function, Stack
from takeaway.check.templates.values import flat


@dataclass(frozen=True)
class Workflow:
    """A state machine of a stack.

    `substitutions` has the value of each `${placeholder}` of its definition.
    """

    stack: Stack
    logical_id: str
    definition: Definition
    substitutions: dict[str, Any]

    def value_of(self, parameter: Any) -> Any:
        """Return a parameter's value, with a placeholder replaced by the resource of the stack that it means."""
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
        """The states that wait for a callback."""
        return {name: task for name, task in self.tasks.items() if awaits_callback(task)}

    @property
    def steps(self) -> dict[str, Function]:
        """The functions of the same stack that states run, by state."""
        asked = {
            name: self.value_of(task.get("Parameters", {}).get("FunctionName")) for name, task in self.tasks.items()
        }
        found = {name: self.stack.function_at(value) for name, value in asked.items() if value is not None}
        return {name: function for name, function in found.items() if function}

    @property
    def functions(self) -> list[Function]:
        """The functions of its states, and retired ones, which only open executions still call."""
        handed = filter(None, map(self.stack.function_at, self.substitutions.values()))
        return list({function.logical_id: function for function in (*self.steps.values(), *handed)}.values())


def workflows(stack: Stack) -> Iterator[Workflow]:
    """Yield the state machines of a stack; the definition is empty if the template does not have it."""
    for name, properties in stack.of(STATE_MACHINE).items():
        try:
            definition = properties.get("Definition") or json.loads(flat(properties.get("DefinitionString", "{}")))
        except ValueError:
            definition = {}
        yield Workflow(stack, name, definition, properties.get("DefinitionSubstitutions", {}))
