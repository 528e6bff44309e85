"""Changes of the workflow, as somebody would make them, and the facts of orders after a change."""

import copy
import json
from collections.abc import Callable
from typing import Any

from takeaway.check.workflow.breaks import Change
from takeaway.check.workflow.carrier import Carrier
from takeaway.check.workflow.changes import compare
from takeaway.facts import Facts, Step, facts_of
from takeaway.paths import REPOSITORY

BEFORE: dict[str, Any] = json.loads((REPOSITORY / "contexts/orders/workflow/order.asl.json").read_text())
WAIT, READ, CHOICE = "Await restaurant decision", "Read decision", "Decision?"
States = dict[str, Any]


def facts(
    *, without: str = "", answering: tuple[str, str] | None = None, may: tuple[str, ...] = (), **steps: Step
) -> Facts:
    """Return the facts of orders, changed.

    A step is removed or added, another value is among a step's answers, or the workflow may make other requests.
    """
    found = facts_of("orders")
    changed = {name: step for name, step in {**found.steps, **steps}.items() if name != without}
    ways = dict(found.ways)
    if answering:
        field, value = answering
        way = ways["completed"]
        answers = {
            **way.answers,
            "expire_order": [{"status": "PLACED", "decision": None, "completion": None, field: value}],
        }
        ways["another"] = way.model_copy(update={"answers": answers})
    return found.model_copy(update={"steps": changed, "ways": ways, "requests": may or found.requests})


def after(edit: Callable[[States], object], said: Facts | None = None) -> list[Change]:
    definition = copy.deepcopy(BEFORE)
    edit(definition["States"])
    return compare(BEFORE, Carrier.of(definition, said or facts()))


def parameters(states: States, state: str, **changed: Any) -> None:
    states[state]["Parameters"].update(changed)


def renamed(states: States) -> None:
    """Rename the step "accept order" to "confirm order"."""
    state = states["Confirm order"] = states.pop("Accept order")
    state["Parameters"] = {**state["Parameters"], "FunctionName": "${confirm_order}"}
    states[CHOICE]["Choices"][0]["Next"] = "Confirm order"


def another_decision(states: States) -> None:
    rule = {"Variable": "$.outcome.decision", "StringEquals": "escalated", "Next": "Reject order"}
    states[CHOICE]["Choices"].append(rule)


def decided_elsewhere(states: States) -> None:
    """Rename the choice, and let it know a new decision."""
    another_decision(states)
    states["Which decision?"] = states.pop(CHOICE)


def either_decision(states: States) -> None:
    """Let the choice take a new decision for an old one."""
    rule = states[CHOICE]["Choices"][1]
    known = {"Variable": rule.pop("Variable"), "StringEquals": rule.pop("StringEquals")}
    rule["Or"] = [known, {**known, "StringEquals": "escalated"}]


def by_default(states: States) -> None:
    """Let the choice lead any other decision to a person."""
    states["Ask a person"] = states[READ]
    states[CHOICE]["Default"] = "Ask a person"


def unanswered(function: str, field: str) -> Facts:
    """Return the facts of orders whose function answers a field with nothing."""
    found = facts_of("orders")
    ways = {
        name: way.model_copy(
            update={
                "answers": {**way.answers, function: [{**each, field: None} for each in way.answers.get(function, [])]}
            }
        )
        for name, way in found.ways.items()
    }
    return found.model_copy(update={"ways": ways})


def both_tokens(states: States) -> None:
    parameters(states, WAIT, UpdateExpression="SET since = :now, answer_token = :token, decision_token = :token")


UPDATES = ("dynamodb:UpdateItem",)
NEW = Step(states=("Confirm order",))
RETIRED = Step(states=())
