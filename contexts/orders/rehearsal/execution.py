"""Enters one state of an execution and yields everything that can happen there, with the real step run in memory."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Literal

from contexts.orders.application import steps
from contexts.orders.domain.order import Order
from contexts.orders.published_events import Event
from contexts.orders.rehearsal.people import possible
from contexts.orders.rehearsal.ports import Port, rehearsed
from contexts.orders.workflow.steps import STEPS, UseCase
from contexts.orders.workflow.task import answer_of
from shared.asl import data as asl
from shared.asl.data import Data
from shared.asl.graph import ANY_ERROR, END, State, awaits_callback, ends

FUNCTION = re.compile(r"\$\{(?P<name>\w+)\}")
UNDECIDED = re.compile(r"attribute_not_exists\((?P<attribute>\w+)\)")
# functions that publish although they are no state of the workflow, with each way in which they are called
BESIDE_THE_WORKFLOW: dict[str, tuple[UseCase, ...]] = {
    "close_order": tuple(partial(steps.close_order, timed_out=timed_out) for timed_out in (False, True)),
}

# A task is "done", fails and is tried "again", or is "given up" (also if its answer was lost). A choice or a read
# "went on". A wait ends "early" if the decision came before it, "waiting" by a call, "late" by its timeout although a
# call had come, and by its "timeout" without any call.
How = Literal["done", "again", "given up", "went on", "early", "waiting", "late", "timeout"]


@dataclass(frozen=True)
class Moment:
    """An execution about to enter a state: the order as it is stored, and the workflow's own data."""

    state: str
    order: Order
    data: Data = field(default_factory=dict)


@dataclass(frozen=True)
class Run:
    """One run of a step's function.

    `used` has the ports that it used; `done` is true if it came to its end, false if a port failed.
    """

    state: str | None  # None: the function is no state of the workflow
    function: str
    before: Order
    after: Order
    published: tuple[Event, ...]
    used: frozenset[Port]
    done: bool


@dataclass(frozen=True)
class Outcome:
    """One possible outcome of entering a state.

    `call` is the API call that a person made, `run` the function that ran.
    """

    how: How
    next: Moment
    call: str = ""
    run: Run | None = None


def outcomes(moment: Moment, state: State) -> Iterator[Outcome]:
    """Yield every outcome of entering a state.

    Raises asl.NotUnderstood if the state uses something that the rehearsal does not know yet.
    """
    resource = str(state.get("Resource", ""))
    if state["Type"] == "Choice":
        yield Outcome("went on", Moment(asl.chosen(state, moment.data), moment.order, moment.data))
    elif resource.endswith("lambda:invoke"):
        yield from _task(moment, state)
    elif awaits_callback(state):
        yield from _wait(moment, state)
    elif resource.endswith("dynamodb:getItem"):
        item = {name: {"S": str(value)} for name, value in answer_of(moment.order).items() if value}
        data = asl.after(state, {"Item": item}, moment.data)
        yield Outcome("went on", Moment(state["Next"], moment.order, data))
        yield Outcome("given up", Moment(asl.caught(state, ANY_ERROR), moment.order, moment.data))
    elif not ends(state):
        raise asl.NotUnderstood(f"{moment.state}: {state['Type']} {resource}")


def runs(use_case: UseCase, state: str | None, function: str, order: Order) -> Iterator[Run]:
    """Yield a run for each way in which the step can go; the first is undisturbed."""
    for ports, done in rehearsed(use_case, order):
        yield Run(state, function, order, ports.order, tuple(ports.published), frozenset(ports.used), done)


def waits_for(name: str, state: State) -> str:
    """Return the attribute of the order that ends a waiting state. Raises asl.NotUnderstood if there is none."""
    guard = UNDECIDED.search(state["Parameters"]["ConditionExpression"])
    if not guard:
        raise asl.NotUnderstood(f"{name}: waits without a condition on what it waits for")
    return guard["attribute"]


def _task(moment: Moment, state: State) -> Iterator[Outcome]:
    function = FUNCTION.fullmatch(state["Parameters"]["FunctionName"])
    if not function:
        raise asl.NotUnderstood(f"{moment.state}: expected a FunctionName such as ${{accept_order}}")
    name = function["name"]
    if name not in STEPS:
        raise asl.NotUnderstood(f"{moment.state}: no step {name} is declared in contexts/orders/workflow/steps.py")
    for run in runs(STEPS[name].use_case, moment.state, name, moment.order):
        if run.done:
            data = asl.after(state, {"Payload": answer_of(run.after)}, moment.data)
            yield Outcome("done", Moment(state.get("Next", END), run.after, data), run=run)
        else:
            yield Outcome("again", Moment(moment.state, run.after, moment.data), run=run)
        yield Outcome("given up", Moment(asl.caught(state, ANY_ERROR), run.after, moment.data), run=run)


def _wait(moment: Moment, state: State) -> Iterator[Outcome]:
    name, order, data = waits_for(moment.state, state), moment.order, moment.data
    yield Outcome("given up", Moment(asl.caught(state, ANY_ERROR), order, data))
    if getattr(order, name):
        yield Outcome("early", Moment(asl.caught(state, asl.CONDITION_FAILED), order, data))
        return
    yield Outcome("timeout", Moment(asl.caught(state, asl.TIMEOUT), order, data))
    for call, decided in possible(order):
        if outcome := getattr(decided, name):
            after = asl.after(state, {name: str(outcome)}, data)
            yield Outcome("waiting", Moment(state["Next"], decided, after), call)
            yield Outcome("late", Moment(asl.caught(state, asl.TIMEOUT), decided, data), call)
