"""The process of durable orders in the SDK's own local runner, with the outside in memory: every way that there is.

A way is what orders' rehearsal makes of the state machine; the function has to go the same one.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from aws_durable_execution_sdk_python import DurableContext, durable_execution
from aws_durable_execution_sdk_python_testing.runner import DurableFunctionTestResult, DurableFunctionTestRunner

from contexts.orders.application import commands
from contexts.orders.application.ports import CallbackLost, Wait
from contexts.orders.domain.order import Order
from contexts.orders.workflow import task
from examples.durable_orders import steps
from examples.durable_orders.adapters.durable_workflow import DurableWorkflow
from examples.durable_orders.workflow import process
from takeaway.facts import Way, facts_of
from tests.fakes.orders import ALICE, ORDER_ID, ROMA, RecordingMessages, World, draft
from tests.fakes.people import eventually

SECONDS = 30
WAITS = {"Await restaurant decision": Wait.DECISION, "Await completion": Wait.COMPLETION}
# what is a state there and a line of code here; and what there reads the item is here an answer of the wait
NO_STEPS = {
    "Decision?",
    "Completed after all?",
    "Notified about what?",
    "Order failed",
    "Order closed",
    "Read decision",
}
WAYS = {name: way for name, way in facts_of("orders").ways.items() if not way.stops}
CALLS: dict[str, Callable[[World], object]] = {
    "accept": lambda world: commands.accept(ORDER_ID, ROMA, world),
    "reject": lambda world: commands.reject(ORDER_ID, ROMA, world, reason="closed"),
    "cancel": lambda world: commands.cancel(ORDER_ID, ALICE, world),
    "complete": lambda world: commands.complete(ORDER_ID, ROMA, world),
}


@dataclass
class InMemoryCallbacks:
    """Implements the port Callbacks."""

    world: World

    def store(self, order_id: str, wait: Wait, callback_id: str) -> str | None:
        decided = getattr(self.world.orders.get(order_id), wait)
        if not decided:
            self.world.orders.tokens[order_id, wait] = callback_id
        return str(decided) if decided else None


@dataclass
class Local:
    """The function in the local runner, and the world around it."""

    world: World
    timeouts: Mapping[Wait, int]
    runner: DurableFunctionTestRunner = field(init=False)

    def __post_init__(self) -> None:
        callbacks = InMemoryCallbacks(self.world)

        @durable_execution
        def handler(event: dict[str, Any], context: DurableContext) -> None:
            process(steps.Steps(context, event["order_id"], callbacks, self.timeouts, most_retries=1))

        self.runner = DurableFunctionTestRunner(handler, poll_interval=0.05)
        self.world.workflow = self  # type: ignore[assignment]

    def resume(self, token: str, outcome: dict[str, str]) -> None:
        """Implement the port Workflow: send what the adapter sends."""

        class Client:
            def send_durable_execution_callback_success(client, *, CallbackId: str, Result: str) -> None:  # noqa: N803, N805
                self.runner.send_callback_success(CallbackId, Result.encode())

        DurableWorkflow(Client(), "arn").resume(token, outcome)  # type: ignore[arg-type]

    def begins(self) -> str:
        return self.runner.run_async(input=json.dumps({"order_id": ORDER_ID}), timeout=SECONDS)

    def ends(self, execution: str) -> DurableFunctionTestResult:
        return self.runner.wait_for_result(execution, timeout=SECONDS)

    def waits_in(self, wait: Wait) -> None:
        eventually(lambda: (ORDER_ID, wait) in self.world.orders.tokens, f"it waits for {wait}")


@dataclass
class AnswersAtOnce(RecordingMessages):
    """A restaurant that decides before the workflow waits for it."""

    act: Callable[[], object] = lambda: None

    def notify(self, order: Order) -> None:
        super().notify(order)
        self.act()


@dataclass
class Lost:
    """Implements the port Workflow: no callback comes through."""

    def resume(self, token: str, outcome: dict[str, str]) -> None:
        raise CallbackLost(f"{token} {outcome}")


@pytest.fixture
def local(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Local]]:
    made: list[Local] = []

    def make(**timeouts: int) -> Local:
        world = World().holding(draft())
        monkeypatch.setattr(task, "production", lambda: world)
        made.append(Local(world, {wait: timeouts.get(wait, SECONDS) for wait in Wait}))
        return made[-1]

    yield make
    for each in made:
        each.runner.close()


def lived(
    local: Callable[..., Local], way: Way, monkeypatch: pytest.MonkeyPatch
) -> tuple[Local, DurableFunctionTestResult]:
    """An order brought along a way by those who act on it; nobody waits long for who does not act in time."""
    act = {WAITS[state]: act for state, act in way.does.items()}
    in_time = {wait for wait, each in act.items() if each.when != "late"}
    here = local(**{wait: 1 for wait in Wait if wait not in in_time})
    world = here.world
    for step in way.fails:
        monkeypatch.setitem(steps.TASKS, step, _crashes)
    for each in act.values():
        if each.when == "early":
            world.restaurants = AnswersAtOnce(act=lambda each=each: CALLS[each.call](world))  # type: ignore[misc]
    execution = here.begins()
    for wait, each in act.items():
        if each.when == "early":
            continue
        here.waits_in(wait)
        CALLS[each.call](replace(world, workflow=Lost()) if each.when == "late" else world)  # type: ignore[arg-type]
    return here, here.ends(execution)


def _crashes(event: dict[str, Any], context: Any) -> dict[str, str | None]:
    raise RuntimeError("on purpose")


@pytest.mark.parametrize("name", WAYS)
def test_the_function_goes_every_way_of_the_state_machine(
    local: Callable[..., Local], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    way = WAYS[name]
    here, ended = lived(local, way, monkeypatch)
    assert [each.name for each in ended.operations] == [state for state in way.states if state not in NO_STEPS]
    told = {event.event_id: event.type for event in here.world.events.published}  # what is told again has the same id
    assert [*told.values()] == list(way.events)
    assert here.world.orders.get(ORDER_ID).status == way.status
    assert ended.status.value == way.ends
    if way.ends == "FAILED":
        assert ended.error
        assert str(ended.error.type).endswith("OrderFailed")
