"""A deployed system that takes part in a comparison: its templates and its state, read past the API.

Reading runs no function, so it does not change what is counted.
"""

import json
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from shared.asl.graph import StateMachine, awaits_callback
from takeaway.check.templates import assembly
from takeaway.check.templates.stack import EVENT_SOURCE, QUEUE, Stack
from takeaway.check.templates.values import logical_id
from takeaway.check.workflow.requests import Wait
from takeaway.drawing.in_code import InCode
from takeaway.run.client.durable import code
from takeaway.run.client.queues import Queue
from takeaway.run.client.subscription import Subscription
from takeaway.run.client.system import System
from takeaway.run.client.target import Target
from takeaway.run.client.workflow import RUNNING
from takeaway.study.compare.flow import contexts_among
from takeaway.wiring import Wiring

POLL_SECONDS, PATIENCE_SECONDS = 0.05, 25
QUIET_LOOKS = 3  # in a row, because an event on its way from one queue to another is in neither
TOLD, CONFIRMED = "restaurant_notified", "user_notified:accepted"


@dataclass(frozen=True)
class Contender:
    wiring: Wiring
    system: System

    @cached_property
    def stacks(self) -> Mapping[str, Stack]:
        """The stacks' templates, by context."""
        return assembly.read(self.target.home.last_assembly(self.target.stage))

    @property
    def target(self) -> Target:
        return self.system.target

    @property
    def contexts(self) -> tuple[str, ...]:
        return contexts_among(self.stacks)

    def short(self, name: str) -> str:
        """Return a physical name without prefix and stage, such as `orders-notify-user`."""
        return name.removeprefix(f"{self.target.prefix}-")

    @cached_property
    def in_code(self) -> InCode | None:
        """Return its workflow if that is code."""
        return workflow_in_code(self.wiring)

    @property
    def definition(self) -> StateMachine:
        """The definition of its workflow on the engine now; a workflow in code has none."""
        arn = self.system.stacks.output("orders", "StateMachineArn")
        answer = self.target.client("stepfunctions").describe_state_machine(stateMachineArn=arn)
        return StateMachine.parse(answer["definition"])

    @property
    def waits(self) -> Collection[str]:
        """The workflow's states that wait for a callback."""
        if self.in_code:
            return set(self.in_code.waits)
        return {name for name, state in self.definition.states.items() if awaits_callback(state)}

    def execution(self, order_id: str | None) -> str:
        """Return the status of an order's execution; empty if there is none."""
        return self.system.workflow.status(order_id) if order_id and self.system.has_workflow else ""

    def awaits_people(self, order_id: str) -> bool:
        """True if the order's workflow has stored the token by which people's calls wake it, and none of them came.

        True as well if there is no workflow.
        """
        if not self.system.has_workflow:
            return True
        steps = self.system.workflow.steps(order_id)
        answer = self._answer_to(steps[-1].name) if steps else ""
        if not answer:
            return False
        item = self.target.client("dynamodb").get_item(
            TableName=self.system.stacks.output("orders", "OrdersTable"),
            Key={"order_id": {"S": order_id}},
            ProjectionExpression=f"{answer}, {answer}_token",
            ConsistentRead=True,
        )
        return set(item.get("Item", {})) == {f"{answer}_token"}

    def _answer_to(self, state: str) -> str:
        """Return the attribute in which people's answer to a wait is stored; empty if the state does not wait."""
        if self.in_code:
            return self.in_code.waits.get(state, "")
        states = self.definition.states  # asks the engine
        wait = Wait.of(states[state]) if state in states else None
        return min(wait.unless, default="") if wait else ""

    def crossed(self, order_id: str, kind: str) -> int:
        """Count an order's events, or messages to its restaurant, in the journal, where duplicates are one."""
        return sum(entry.kind == kind for entry in self.system.journal.of_order(order_id))

    def queue(self, name: str) -> Queue:
        sqs = self.target.client("sqs")
        return Queue(sqs, str(sqs.get_queue_url(QueueName=name)["QueueUrl"]))

    def readers(self, *contexts: str) -> Iterator[Subscription]:
        """Yield the queues that functions read, with their dead-letter queues, of the contexts or of all."""
        for context in contexts or self.contexts:
            stack = self.stacks[context]
            for mapping in stack.of(EVENT_SOURCE).values():
                queue, function = logical_id(mapping["EventSourceArn"]), stack.function_at(mapping["FunctionName"])
                if function and (letters := stack.dead_letters_of(queue)):
                    read, dead = (self.queue(stack.of(QUEUE)[each]["QueueName"]) for each in (queue, letters))
                    name = str(function.properties["FunctionName"])
                    yield Subscription(self.target, context, read, dead, name, rule="")

    def under_way(self, paused: Collection[str] = ()) -> int:
        """Count the messages in queues that a function reads; dead-letter and `paused` queues are left out."""
        return sum(
            sum(self.queue(properties["QueueName"]).depth())
            for stack in self.stacks.values()
            for logical, properties in stack.of(QUEUE).items()
            if stack.dead_letters_of(logical) and properties["QueueName"] not in paused
        )

    def moves(self, order_id: str | None, paused: Collection[str] = ()) -> bool:
        """True if anything goes on: a message that will be read, or an execution that is not waiting for people."""
        if self.under_way(paused):
            return True
        return order_id is not None and self.execution(order_id) == RUNNING and not self.awaits_people(order_id)

    def comes(self, order_id: str, change: str, *, hopeless: Callable[[], bool] = lambda: False) -> bool:
        """Wait until a change of an order is recorded; False if it is not in time, or nothing moves any more."""
        return wait_until(
            lambda: change in self.system.kept(order_id).changes, seconds=PATIENCE_SECONDS, hopeless=hopeless
        )


def workflow_in_code(wiring: Wiring) -> InCode | None:
    """Read the file from which a wiring's workflow is deployed, if that is code."""
    return InCode.read(code()) if wiring is Wiring.DURABLE else None


def orders_in(queue: Queue) -> set[str]:
    """Return the ids of the orders that a queue's messages are about. The messages stay in the queue."""
    with queue.held() as held:
        bodies = [json.loads(message.body) for batch in held.batches() for message in batch]
    details = [body.get("detail", {}) for body in bodies]
    # An event of orders has `order_id`. An event of an execution's end has the execution's name, which is the id.
    return {
        str(each.get("data", {}).get("order_id") or each.get("name") or each.get("durableExecutionName"))
        for each in details
    }


def wait_until(look: Callable[[], bool], *, seconds: float, hopeless: Callable[[], bool] = lambda: False) -> bool:
    """Wait until `look` is true; False after `seconds`, or earlier when `hopeless` says that it can't come any more."""
    deadline, quiet = time.monotonic() + seconds, 0
    while not look():
        quiet = quiet + 1 if hopeless() else 0
        if quiet >= QUIET_LOOKS or time.monotonic() > deadline:
            return look()
        time.sleep(POLL_SECONDS)
    return True
