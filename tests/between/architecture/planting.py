"""Planting of violations: into a copy of the templates or of the code, never into the originals."""

import copy
import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from takeaway.check.fitness.code import Code
from takeaway.check.fitness.evidence import Evidence
from takeaway.check.fitness.rule import Result
from takeaway.check.fitness.rules import all_rules
from takeaway.check.templates.stack import STATE_MACHINE, Stack, Template

BUS, SOURCE = "takeaway-dev", "takeaway.orders"
ORDER_WORKFLOW = "contexts/orders/workflow/order.asl.json"
FUNCTION, QUEUE, ROLE, RULE = "AWS::Lambda::Function", "AWS::SQS::Queue", "AWS::IAM::Role", "AWS::Events::Rule"
PUT_EVENTS = "events:PutEvents"
OWN_SOURCE = {"StringEquals": {"events:source": SOURCE}}
OTHER_SOURCE = {"StringEquals": {"events:source": "takeaway.promotions"}}


def arn(service: str, resource: str) -> str:
    return f"arn:aws:{service}:eu-west-1:111122223333:{resource}"


THIS_BUS, OTHER_BUS = arn("events", f"event-bus/{BUS}"), arn("events", "event-bus/default")


class Spoilt:
    """Templates by stack, and the order workflow as its file and its stack have it."""

    def __init__(self, evidence: Evidence) -> None:
        self._evidence = evidence
        self.templates: dict[str, Template] = {
            name: copy.deepcopy(stack.template) for name, stack in evidence.stacks.items()
        }
        self.workflow: dict[str, Any] = copy.deepcopy(evidence.workflows[0].definition)
        self.files: dict[str, Any] = {ORDER_WORKFLOW: self.workflow}
        self.names = {name: stack.full_name for name, stack in evidence.stacks.items()}

    def evidence(self) -> Evidence:
        if "orders" in self.templates:
            self.first("orders", STATE_MACHINE)["DefinitionString"] = json.dumps(self.workflow)
        stacks = {
            name: Stack(name, self.names.get(name, f"takeaway-dev-{name}"), template)
            for name, template in self.templates.items()
        }
        spoilt = replace(self._evidence, load=lambda: stacks)
        vars(spoilt)["definitions"] = self.files  # replaces the definitions that it would read
        return spoilt

    def state(self, name: str) -> dict[str, Any]:
        found: dict[str, Any] = self.workflow["States"][name]
        return found

    def of(self, stack: str, kind: str) -> dict[str, dict[str, Any]]:
        resources = self.templates[stack]["Resources"].items()
        return {name: resource.setdefault("Properties", {}) for name, resource in resources if resource["Type"] == kind}

    def first(self, stack: str, kind: str) -> dict[str, Any]:
        return next(iter(self.of(stack, kind).values()))

    def id_of(self, stack: str, kind: str, start: str = "") -> str:
        return next(name for name in self.of(stack, kind) if name.startswith(start))

    def add(self, stack: str, kind: str, **properties: Any) -> None:
        self.templates[stack]["Resources"][f"Planted{len(self.templates[stack]['Resources'])}"] = {
            "Type": kind,
            "Properties": properties,
        }

    def remove(self, stack: str, kind: str) -> None:
        for name in self.of(stack, kind):
            del self.templates[stack]["Resources"][name]

    def policy_of(self, stack: str, start: str = "") -> dict[str, Any]:
        document: dict[str, Any] = self.of(stack, "AWS::IAM::Policy")[self.id_of(stack, "AWS::IAM::Policy", start)]
        return document["PolicyDocument"]  # type: ignore[no-any-return]

    def grant(self, stack: str, start: str = "", **statement: Any) -> None:
        """Add a statement to the first role of a stack, or to the one whose policy's logical id starts like this."""
        self.policy_of(stack, start)["Statement"].append({"Effect": "Allow", "Resource": "*"} | statement)

    def got(self, stack: str, kind: str, start: str = "", attribute: str = "Arn") -> dict[str, Any]:
        """Return an attribute of a resource, as a template writes it."""
        return {"Fn::GetAtt": [self.id_of(stack, kind, start), attribute]}


Spoil = Callable[[Spoilt], object]


def permit(stack: str, action: str, resource: Any = "*", condition: Any = None, *, role: str = "") -> Spoil:
    """Allow a role of a stack to do this."""
    limited = {"Condition": condition} if condition else {}
    return lambda s: s.grant(stack, role, Action=action, Resource=resource, **limited)


@dataclass
class Tree:
    """A copy of the code. `restore` takes out everything that was planted in it."""

    root: Path
    _before: dict[Path, str | None] = field(default_factory=dict)

    def write(self, path: str, text: str) -> None:
        file = self.root / path
        self._before.setdefault(file, file.read_text(encoding="utf-8") if file.exists() else None)
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8")

    def append(self, path: str, line: str) -> None:
        file = self.root / path
        self.write(path, (file.read_text(encoding="utf-8") if file.exists() else "") + f"\n{line}\n")

    def edit(self, path: str, old: str, new: str) -> None:
        text = (self.root / path).read_text(encoding="utf-8")
        assert old in text, f"{path} no longer says {old!r}"
        self.write(path, text.replace(old, new, 1))

    def remove(self, path: str) -> None:
        file = self.root / path
        self._before.setdefault(file, file.read_text(encoding="utf-8"))
        file.unlink()

    def restore(self) -> None:
        for file, text in self._before.items():
            if text is not None:
                file.write_text(text, encoding="utf-8")
            elif file.exists():
                file.unlink()
            if text is None and not any(file.parent.iterdir()):
                file.parent.rmdir()

    def evidence(self, deployed: Evidence) -> Evidence:
        return Evidence(Code(self.root), deployed.load)


@dataclass(frozen=True)
class Planted:
    """A violation: the rule that must catch it, how it is planted, and a word that the finding must contain.

    `also` names further rules that it breaks.
    """

    rule: str
    spoil: Callable[[Any], object]
    named: str
    also: tuple[str, ...] = ()

    def __str__(self) -> str:
        return self.rule


def broken(evidence: Evidence, *, imports: bool = False) -> dict[str, Result]:
    """Return the rules that are broken, by their ids. Those of import-linter have tests of their own."""
    rules = [rule for rule in all_rules(evidence.code.root) if imports or not rule.looks_at.startswith("the contract ")]
    results = [rule.examine(evidence) for rule in rules]
    return {result.rule.id: result for result in results if not result.kept}
