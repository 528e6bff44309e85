"""The order workflow is sound: nothing waits for ever or fails unseen, no token gets out, every name is found again.

Each rule is also given a workflow that breaks it.
"""

import copy
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from contexts.orders.application import use_cases
from tests.architecture import workflow_rules as rules

HANDLERS = Path(__file__).parents[2] / "contexts/orders/handlers"
OUTSIDE_THE_WORKFLOW = {"api", "close_order"}  # behind API Gateway, and behind the end of executions

Definition = dict[str, Any]
Rule = Callable[[Definition], list[str]]
Spoil = Callable[[Definition], object]

LOOP = {"Type": "Pass", "Next": "Place order"}
LEAK = {"token.$": "$$.Task.Token"}


def state(definition: Definition, name: str) -> dict[str, Any]:
    found: dict[str, Any] = definition["States"][name]
    return found


def sound_retry(definition: Definition) -> dict[str, Any]:
    retrier: dict[str, Any] = state(definition, "Accept order")["Retry"][-1]
    return retrier


# rule, what breaks it, the state that it must name
BROKEN: list[tuple[Rule, Spoil, str]] = [
    (rules.tasks_without_timeout, lambda d: state(d, "Accept order").pop("TimeoutSeconds"), "Accept order"),
    (
        rules.tasks_without_timeout,
        lambda d: state(d, "Accept order").update(TimeoutSeconds="${timeout}"),
        "Accept order",
    ),
    (rules.tasks_without_sound_retry, lambda d: state(d, "Accept order").pop("Retry"), "Accept order"),
    (rules.tasks_without_sound_retry, lambda d: sound_retry(d).pop("JitterStrategy"), "Accept order"),
    (rules.tasks_without_sound_retry, lambda d: sound_retry(d).pop("MaxDelaySeconds"), "Accept order"),
    (rules.tasks_without_sound_retry, lambda d: sound_retry(d).update(BackoffRate=1), "Accept order"),
    (rules.tasks_without_sound_retry, lambda d: sound_retry(d).update(MaxAttempts=99999), "Accept order"),
    (rules.tasks_without_sound_retry, lambda d: sound_retry(d)["ErrorEquals"].append("KeyError"), "Accept order"),
    (rules.tasks_without_catch, lambda d: state(d, "Notify user").pop("Catch"), "Notify user"),
    (
        rules.tasks_without_catch,
        lambda d: state(d, "Await completion")["Catch"].pop(),
        "Await completion",
    ),
    (
        rules.waits_without_way_out,
        lambda d: state(d, "Await completion")["Catch"].pop(1),
        "Await completion",
    ),
    (
        rules.waits_without_way_out,
        lambda d: state(d, "Await completion")["Catch"][1].update(Next="Fail order"),
        "Await completion",
    ),
    (rules.deadline_before_its_waits, lambda d: d.pop("TimeoutSeconds"), "TimeoutSeconds"),
    (rules.deadline_before_its_waits, lambda d: d.update(TimeoutSeconds=6000), "TimeoutSeconds"),
    (rules.leaked_tokens, lambda d: state(d, "Accept order")["Parameters"]["Payload"].update(LEAK), "Accept order"),
    (rules.unreachable, lambda d: d["States"].update(Lost=LOOP), "Lost"),
    (rules.dead_ends, lambda d: state(d, "Order closed").update(Type="Pass", Next="Order closed"), "Order closed"),
    (
        rules.loops_without_wait,
        lambda d: state(d, "Order closed").update(Type="Pass", Next="Skip notification"),
        "Order closed",
    ),
]


@pytest.mark.parametrize("rule", list(dict.fromkeys(rule for rule, _, _ in BROKEN)))
def test_the_order_workflow_keeps_the_rule(workflow: Definition, rule: Rule) -> None:
    assert rule(workflow) == []


@pytest.mark.parametrize(("rule", "spoil", "name"), BROKEN)
def test_a_broken_workflow_is_noticed(workflow: Definition, rule: Rule, spoil: Spoil, name: str) -> None:
    spoilt = copy.deepcopy(workflow)
    spoil(spoilt)
    assert name in rule(spoilt)


def functions(workflow: Definition) -> dict[str, str]:
    """State and function of every state that runs a function."""
    return {
        name: task["Parameters"]["FunctionName"].strip("${}")
        for name, task in rules.tasks(workflow).items()
        if task["Resource"].endswith("lambda:invoke")
    }


def test_a_state_its_function_its_file_and_its_use_case_share_one_name(workflow: Definition) -> None:
    assert functions(workflow)
    for state_name, function in functions(workflow).items():
        # "Notify user of outcome" is "Notify user" in another place of the process
        assert re.match(rf"{function}(_of_|$)", state_name.lower().replace(" ", "_")), state_name
        assert (HANDLERS / f"{function}.py").is_file(), state_name
        assert callable(getattr(use_cases, function)), state_name


def test_every_handler_is_a_step_of_the_workflow_or_known_to_be_none(workflow: Definition) -> None:
    files = {path.stem for path in HANDLERS.glob("*.py")} - {"__init__"}
    assert files - OUTSIDE_THE_WORKFLOW == set(functions(workflow).values())


def test_the_workflow_carries_the_order_id_and_nothing_else_of_an_order(workflow: Definition) -> None:
    for name in functions(workflow):
        assert state(workflow, name)["Parameters"]["Payload"] == {"order_id.$": "$.order_id"}
