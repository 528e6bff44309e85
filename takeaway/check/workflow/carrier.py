"""The system that carries open executions on after a change: what is deployed then, and what is answered there."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from shared.asl.graph import Definition
from takeaway.facts import Facts


@dataclass(frozen=True)
class Carrier:
    """The system after the change: definition, functions, and the values that functions and people answer with.

    `requests` are the AWS requests that the workflow's role may make by itself, such as `dynamodb:GetItem`.
    """

    definition: Definition
    functions: frozenset[str]
    requests: frozenset[str]
    retired: frozenset[str] = frozenset()  # functions that only open executions call
    answers: Mapping[str, Mapping[str, frozenset[str]]] = field(default_factory=dict)  # function -> field -> values
    outcomes: Mapping[str, frozenset[str]] = field(default_factory=dict)  # field -> values that calls of the API cause

    @classmethod
    def of(cls, definition: Definition, facts: Facts) -> "Carrier":
        answers: dict[str, dict[str, set[str]]] = {}
        outcomes: dict[str, set[str]] = {}
        for way in facts.ways.values():
            for function, answered in way.answers.items():
                for name, value in (pair for each in answered for pair in each.items()):
                    answers.setdefault(function, {}).setdefault(name, set()).update([value] if value else [])
            for act in way.does.values():
                outcomes.setdefault(act.wait, set()).add(act.outcome)
        return cls(
            definition,
            frozenset(facts.steps),
            frozenset(facts.requests),
            frozenset(name for name, step in facts.steps.items() if not step.states),
            {name: {of: frozenset(found) for of, found in each.items()} for name, each in answers.items()},
            {name: frozenset(found) for name, found in outcomes.items()},
        )

    def may_ask(self, request: str) -> bool:
        """Tell whether the workflow may make a request, which a definition writes with a small letter."""
        return request.lower() in {each.lower() for each in self.requests}

    def answered_by(self, function: str) -> frozenset[str]:
        """Return the fields that a function answers with a value."""
        return frozenset(name for name, values in self.answers.get(function, {}).items() if values)

    def comes_from(self, function: str | None, name: str) -> frozenset[str]:
        """Return all values of a field that a function answers, or if there is none, that people cause."""
        return (
            self.answers.get(function, {}).get(name, frozenset()) if function else self.outcomes.get(name, frozenset())
        )

    def may_be(self, name: str) -> frozenset[str]:
        """Return all values that a field may have after the change."""
        answered = [fields[name] for fields in self.answers.values() if name in fields]
        return frozenset().union(self.outcomes.get(name, frozenset()), *answered)
