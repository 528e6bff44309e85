"""The evidence that rules look at: this repository's code, and the templates that are synthesized from it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

from shared.asl.graph import Definition
from takeaway.check.fitness.code import Code, read_json
from takeaway.check.fitness.linting import Linted, lint
from takeaway.check.templates.stack import EVENT_BUS, Stack
from takeaway.check.templates.workflow import Workflow, workflows

Stacks = Mapping[str, Stack]


@dataclass(frozen=True)
class Evidence:
    """Code and templates. `stacks` are by context, and synthesized only when a rule first asks for them."""

    code: Code
    load: Callable[[], Stacks]

    @cached_property
    def stacks(self) -> Stacks:
        return self.load()

    @cached_property
    def imports(self) -> Linted:
        return lint(self.code.root)

    @cached_property
    def definitions(self) -> Mapping[str, Definition]:
        """All workflow files, by path."""
        files = sorted(self.code.root.glob("contexts/*/workflow/*.asl.json"))
        return {self.code.relative(path): read_json(path) for path in files}

    @property
    def contexts(self) -> dict[str, Stack]:
        """The contexts' stacks; a context without one is left out, because the rule one-stack-each reports it."""
        return {name: self.stacks[name] for name in self.code.contexts if name in self.stacks}

    @cached_property
    def publishers(self) -> dict[str, str]:
        """The event sources, by context, of the contexts that have a `published_events.py`."""
        found = {name: self.code.source_of(name) for name in self.code.contexts}
        return {name: source for name, source in found.items() if source}

    @cached_property
    def workflows(self) -> list[Workflow]:
        return [workflow for stack in self.stacks.values() for workflow in workflows(stack)]

    @cached_property
    def buses(self) -> set[str]:
        """The names of the shared buses."""
        return {stack.called(bus) for stack in self.stacks.values() for bus in stack.of(EVENT_BUS)}
