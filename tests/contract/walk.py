"""Walks every way through the workflow with the functions that its states name, and notes what each one publishes.

Whatever can happen on the way happens: people decide early, late, never and at once; callbacks get lost; a function
fails before it records, before it publishes, or when all is done; and the execution is ended from outside anywhere.
The order is all that distinguishes two moments in the same state, so the walk comes to an end.
"""

import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from contexts.orders.application import commands
from contexts.orders.application.ports import MessageNotSent, PublishingFailed
from contexts.orders.domain.errors import IllegalTransition, NotPlacedYet, OrderNotFound, OrderNotWaiting
from contexts.orders.domain.order import Order
from tests.fakes.functions import OrdersFunctions
from tests.fakes.orders import ALICE, ORDER_ID, ROMA, World, draft

FUNCTION = re.compile(r"\$\{(\w+)\}")
AWAITED = re.compile(r"attribute_not_exists\((\w+)\)")
FAILURES = (IllegalTransition, MessageNotSent, PublishingFailed)
DECISIONS: tuple[Callable[[World], object], ...] = (
    lambda world: commands.accept(ORDER_ID, ROMA, world),
    lambda world: commands.reject(ORDER_ID, ROMA, world, reason="The oven is cold"),
    lambda world: commands.cancel(ORDER_ID, ALICE, world),
    lambda world: commands.complete(ORDER_ID, ROMA, world),
)
CLOSING = "(closing)"  # what is published when an execution was ended from outside; no state of the workflow


@dataclass(frozen=True)
class Moment:
    """An execution that is about to enter a state; `outcome` is what it remembers, the order what is stored."""

    state: str
    order: Order
    outcome: dict[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> tuple[object, ...]:
        return self.state, *_situation(self.order), json.dumps(self.outcome, sort_keys=True)


class Walk:
    """`published` has the events ("order_placed.v1") of each state, `ways` every step from one state to another."""

    def __init__(self, definition: dict[str, Any], functions: OrdersFunctions) -> None:
        self._states, self._functions = definition["States"], functions
        self.published: dict[str, set[str]] = defaultdict(set)
        self.ways: set[tuple[str, str]] = set()
        seen: set[tuple[object, ...]] = set()
        orders: dict[tuple[object, ...], Order] = {}
        ahead = [Moment(definition["StartAt"], draft())]
        while ahead:
            moment = ahead.pop()
            if moment.key in seen:
                continue
            seen.add(moment.key)
            orders[_situation(moment.order)] = moment.order
            following = list(self._next(moment))
            self.ways |= {(moment.state, after.state) for after in following}
            ahead += [Moment(moment.state, order, moment.outcome) for order in self._decided(moment.order)] + following
        for order in orders.values():
            self._ended_from_outside(order)

    def _next(self, moment: Moment) -> Iterator[Moment]:
        state = self._states[moment.state]
        kind = f"{state['Type']} {state.get('Resource', '')}".strip()
        if kind.endswith(("Succeed", "Fail")):
            return
        if kind == "Choice":
            yield Moment(_chosen(state, moment.outcome), moment.order, moment.outcome)
        elif kind.endswith("lambda:invoke"):
            yield from self._task(moment, state)
        elif kind.endswith("dynamodb:updateItem.waitForTaskToken"):
            yield from self._wait(moment, state)
        elif kind.endswith("dynamodb:getItem"):
            name = state["Parameters"]["ProjectionExpression"]
            read = {name: getattr(moment.order, name)}
            yield Moment(state["Next"], moment.order, _remembered(state, read, moment.outcome))
            yield self._caught(state, "States.ALL", moment)
        else:
            raise AssertionError(
                f"{moment.state}: the walk can't follow a {kind}. Events are published by functions that record first "
                "(docs/adr/0003-the-workflow-is-the-outbox.md); teach tests/contract/walk.py what is none of these"
            )

    def _task(self, moment: Moment, state: dict[str, Any]) -> Iterator[Moment]:
        [name] = FUNCTION.findall(state["Parameters"]["FunctionName"])
        yield self._caught(state, "States.ALL", moment)  # it never began
        for failing in ({}, {"bus": 1}, {"messages": 1}):
            world = self._world(moment.order, **failing)
            try:
                answer = self._functions.task(name, ORDER_ID)
            except FAILURES:
                answer = None
            after = self._noted(moment.state, world)
            if answer is not None and "Next" in state:
                yield Moment(state["Next"], after, _remembered(state, answer, moment.outcome))
            yield self._caught(state, "States.ALL", Moment(moment.state, after, moment.outcome))

    def _wait(self, moment: Moment, state: dict[str, Any]) -> Iterator[Moment]:
        [awaited] = AWAITED.findall(state["Parameters"]["ConditionExpression"])
        yield self._caught(state, "States.ALL", moment)
        yield self._caught(state, "States.Timeout", moment)  # nobody decided; or it was lost that somebody did
        if known := getattr(moment.order, awaited):
            yield self._caught(state, "DynamoDb.ConditionalCheckFailedException", moment)
            yield Moment(state["Next"], moment.order, _remembered(state, {awaited: known}, moment.outcome))

    def _caught(self, state: dict[str, Any], error: str, moment: Moment) -> Moment:
        catches = [catch["Next"] for catch in state["Catch"] if {error, "States.ALL"} & set(catch["ErrorEquals"])]
        return Moment(catches[0], moment.order, moment.outcome)

    def _decided(self, order: Order) -> Iterator[Order]:
        """The order after each thing that people may decide about it now."""
        for decide in DECISIONS:
            world = self._world(order)
            try:
                decide(world)
            except (NotPlacedYet, OrderNotFound, OrderNotWaiting):  # a draft is not the restaurant's yet
                continue
            yield world.orders.get(ORDER_ID)

    def _ended_from_outside(self, order: Order) -> None:
        for status in ("ABORTED", "FAILED", "TIMED_OUT"):
            world = self._world(order)
            assert self._functions.close_order(ORDER_ID, status=status) == []
            assert not self._noted(CLOSING, world).is_open

    def _world(self, order: Order, *, bus: int = 0, messages: int = 0) -> World:
        world = self._functions.world = World().holding(order)
        world.events.failures = bus
        world.customers.failures = world.restaurants.failures = messages
        return world

    def _noted(self, state: str, world: World) -> Order:
        self.published[state] |= {
            f"{event.type}.v{event.detail['metadata']['schema_version']}" for event in world.events.published
        }
        return world.orders.get(ORDER_ID)


def _situation(order: Order) -> tuple[object, ...]:
    """All that tells one order's course from another's."""
    return order.status, order.decision, order.completion, frozenset(order.changes)


def _chosen(state: dict[str, Any], outcome: dict[str, Any]) -> str:
    for rule in state["Choices"]:
        if outcome.get(rule["Variable"].removeprefix("$.outcome.")) == rule["StringEquals"]:
            return str(rule["Next"])
    return str(state["Default"])


def _remembered(state: dict[str, Any], result: dict[str, Any], outcome: dict[str, Any]) -> dict[str, Any]:
    """What the workflow knows after a state: ResultSelector and ResultPath, as far as they are used here."""
    if state["ResultPath"] is None:
        return outcome
    assert state["ResultPath"] == "$.outcome", "teach tests/contract/walk.py this ResultPath"
    return {key.removesuffix(".$"): result.get(key.removesuffix(".$")) for key in state["ResultSelector"]}
