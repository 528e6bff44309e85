"""Walks every way through the workflow, with the real steps behind its states, and notes what each step publishes.

Whatever can happen on the way happens: people decide early, late or never, callbacks get lost, a step fails before it
has recorded its change, before it has published it, or just after; and the execution is ended from outside.
"""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial

from contexts.orders.application import use_cases
from contexts.orders.domain.errors import OrdersError
from contexts.orders.domain.lifecycle import Decision
from contexts.orders.domain.order import Order
from contexts.orders.published_events import Event
from contexts.orders.workflow.task import Step, answer_of
from shared.asl import data as asl
from shared.asl.data import Data
from shared.asl.graph import ANY_ERROR, END, State, StateMachine, awaits_callback
from takeaway.docs.events.rehearsal import any_draft, rehearsed

FUNCTION = re.compile(r"\$\{(?P<name>\w+)\}")
UNDECIDED = re.compile(r"attribute_not_exists\((?P<attribute>\w+)\)")
DECISIONS = (Decision.ACCEPTED, Decision.REJECTED, Decision.CANCELLED)  # those that people make
# What publishes without being a state, and all the ways in which it is called.
BESIDE_THE_WORKFLOW: dict[str, tuple[Step, ...]] = {
    "close_order": tuple(partial(use_cases.close_order, timed_out=timed_out) for timed_out in (False, True)),
}


@dataclass(frozen=True)
class Publication:
    """An event that a run of a function published; `before` is the order as that run found it."""

    state: str | None  # None: the function is no state of the workflow
    function: str
    event: Event
    before: Order
    after: Order


@dataclass(frozen=True)
class Moment:
    """An execution about to enter a state: the order as it is stored, and what the workflow itself knows."""

    state: str
    order: Order
    data: Data = field(default_factory=dict)

    @property
    def key(self) -> tuple[object, ...]:
        return self.state, _situation(self.order), json.dumps(self.data, sort_keys=True)


class Walk:
    """`publications` is all that was published anywhere on any way, `steps` each way from one state to the next."""

    def __init__(self, definition: str) -> None:
        self._machine = StateMachine.parse(definition)
        self.publications: list[Publication] = []
        self.steps: set[tuple[str, str]] = set()
        orders: dict[tuple[object, ...], Order] = {}
        ahead = [Moment(self._machine.start, any_draft())]
        seen: set[tuple[object, ...]] = set()
        while ahead:
            moment = ahead.pop()
            if moment.state != END and moment.key not in seen:
                seen.add(moment.key)
                orders[_situation(moment.order)] = moment.order
                ahead += [Moment(moment.state, order, moment.data) for order in _decided(moment.order)]
                after = list(self._enter(moment, self._machine.states[moment.state]))
                self.steps |= {(moment.state, each.state) for each in after}
                ahead += after
        for function, steps in BESIDE_THE_WORKFLOW.items():
            for step in steps:
                for order in orders.values():
                    list(self._run(step, None, function, order))

    def _enter(self, moment: Moment, state: State) -> Iterator[Moment]:
        """Every moment that may come next."""
        resource = str(state.get("Resource", ""))
        if state["Type"] == "Choice":
            yield Moment(asl.chosen(state, moment.data), moment.order, moment.data)
        elif resource.endswith("lambda:invoke"):
            yield from self._task(moment, state)
        elif awaits_callback(state):
            yield from self._wait(moment, state)
        elif resource.endswith("dynamodb:getItem"):
            item = {name: {"S": str(value)} for name, value in answer_of(moment.order).items() if value}
            yield Moment(state["Next"], moment.order, asl.after(state, {"Item": item}, moment.data))
            yield Moment(asl.caught(state, ANY_ERROR), moment.order, moment.data)
        elif state["Type"] not in ("Succeed", "Fail"):
            raise asl.NotUnderstood(f"{moment.state}: {state['Type']} {resource}")

    def _task(self, moment: Moment, state: State) -> Iterator[Moment]:
        function = FUNCTION.fullmatch(state["Parameters"]["FunctionName"])
        if not function:
            raise asl.NotUnderstood(f"{moment.state}: expected a FunctionName such as ${{accept_order}}")
        step: Step = getattr(use_cases, function["name"])
        for order, done in self._run(step, moment.state, function["name"], moment.order):
            if done:
                data = asl.after(state, {"Payload": answer_of(order)}, moment.data)
                yield Moment(state.get("Next", END), order, data)
            else:
                yield Moment(moment.state, order, moment.data)  # tried again
            # given up; or done, and its answer never came back
            yield Moment(asl.caught(state, ANY_ERROR), order, moment.data)

    def _run(self, step: Step, state: str | None, function: str, order: Order) -> Iterator[tuple[Order, bool]]:
        """The order afterwards, and whether the step was done, in each way that the step can go."""
        for ports, done in rehearsed(step, order):
            self.publications += [
                Publication(state, function, event, before=order, after=ports.order) for event in ports.published
            ]
            yield ports.order, done

    def _wait(self, moment: Moment, state: State) -> Iterator[Moment]:
        """A wait ends by its callback, at once if it was decided before, by its timeout, or because it can't begin."""
        guard = UNDECIDED.search(state["Parameters"]["ConditionExpression"])
        if not guard:
            raise asl.NotUnderstood(f"{moment.state}: waits without a condition on what it waits for")
        name, order, data = guard["attribute"], moment.order, moment.data
        yield Moment(asl.caught(state, ANY_ERROR), order, data)
        if getattr(order, name):
            yield Moment(asl.caught(state, asl.CONDITION_FAILED), order, data)
            return
        yield Moment(asl.caught(state, asl.TIMEOUT), order, data)
        for decided in _decided(order):
            if outcome := getattr(decided, name):
                yield Moment(state["Next"], decided, asl.after(state, {name: str(outcome)}, data))
                yield Moment(asl.caught(state, asl.TIMEOUT), decided, data)  # its callback was lost


def _decided(order: Order) -> Iterator[Order]:
    """The order after each thing that people may decide about it now."""
    ways: list[Callable[[], Order]] = [*(partial(order.decide, decision) for decision in DECISIONS), order.deliver]
    for decide in ways:
        try:
            yield decide()
        except OrdersError:
            continue


def _situation(order: Order) -> tuple[object, ...]:
    """All that tells one order's course from another's."""
    return order.status, order.decision, order.completion, frozenset(order.changes)
