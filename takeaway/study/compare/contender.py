"""One of the systems as it is deployed: what it was made from, and how things stand in it, read past the API.

Looking makes no function run, so it costs an order nothing that is counted.
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
from takeaway.check.workflow.states import Wait
from takeaway.drawing.in_code import InCode
from takeaway.paths import REPOSITORY
from takeaway.run.client.queues import Queue
from takeaway.run.client.subscription import Subscription
from takeaway.run.client.system import System
from takeaway.run.client.target import Target
from takeaway.study.compare.flow import contexts_among
from takeaway.wiring import Wiring

POLL_SECONDS, PATIENCE_SECONDS = 0.05, 25
QUIET_LOOKS = 3  # in a row: between two queues an event is in neither
TOLD, CONFIRMED = "restaurant_notified", "user_notified:accepted"


@dataclass(frozen=True)
class Contender:
    wiring: Wiring
    system: System

    @cached_property
    def stacks(self) -> Mapping[str, Stack]:
        """Its templates, by context."""
        return assembly.read(self.target.home.last_assembly(self.target.stage))

    @property
    def target(self) -> Target:
        return self.system.target

    @property
    def contexts(self) -> tuple[str, ...]:
        return contexts_among(self.stacks)

    def short(self, name: str) -> str:
        """A physical name as it is behind its stage: `orders-notify-user`."""
        return name.removeprefix(f"{self.target.prefix}-")

    @cached_property
    def in_code(self) -> InCode | None:
        """Its workflow, where that is code: as the file says it from which it was deployed."""
        if self.wiring is not Wiring.DURABLE:
            return None
        return InCode.read((REPOSITORY / self.wiring.orders / "workflow.py").read_text(encoding="utf-8"))

    @property
    def definition(self) -> StateMachine:
        """That of its workflow, as it is now; where it is code there is none."""
        arn = self.system.stacks.output("orders", "StateMachineArn")
        answer = self.target.client("stepfunctions").describe_state_machine(stateMachineArn=arn)
        return StateMachine.parse(answer["definition"])

    @property
    def waits(self) -> Collection[str]:
        """The states in which its workflow waits for a callback."""
        if self.in_code:
            return set(self.in_code.waits)
        return {name for name, state in self.definition.states.items() if awaits_callback(state)}

    def execution(self, order_id: str | None) -> str:
        """The status of an order's workflow, empty where there is none."""
        return self.system.workflow.status(order_id) if order_id and self.system.has_workflow else ""

    def awaits_people(self, order_id: str) -> bool:
        """Whether its workflow has stored the token by which people wake it up. True where there is no workflow."""
        if not self.system.has_workflow:
            return True
        steps = self.system.workflow.steps(order_id)
        attribute = self._token_of(steps[-1].name) if steps else ""
        if not attribute:
            return False
        item = self.target.client("dynamodb").get_item(
            TableName=self.system.stacks.output("orders", "OrdersTable"),
            Key={"order_id": {"S": order_id}},
            ProjectionExpression=attribute,
            ConsistentRead=True,
        )
        return bool(item.get("Item"))

    def _token_of(self, state: str) -> str:
        """Where a wait stores by what it can be woken up; empty for a state that does not wait."""
        if self.in_code:
            return f"{self.in_code.waits[state]}_token" if state in self.in_code.waits else ""
        wait = Wait.of(self.definition.states[state]) if state in self.definition.states else None
        return wait.attribute if wait else ""

    def crossed(self, order_id: str, kind: str) -> int:
        """How many events, or messages to its restaurant, the journal has of an order; what came twice is one."""
        return sum(entry.kind == kind for entry in self.system.journal.of_order(order_id))

    def queue(self, name: str) -> Queue:
        sqs = self.target.client("sqs")
        return Queue(sqs, str(sqs.get_queue_url(QueueName=name)["QueueUrl"]))

    def readers(self, *contexts: str) -> Iterator[Subscription]:
        """The queues of contexts, or of all that are compared, that a function reads, with their dead letters."""
        for context in contexts or self.contexts:
            stack = self.stacks[context]
            for mapping in stack.of(EVENT_SOURCE).values():
                queue, function = logical_id(mapping["EventSourceArn"]), stack.function_at(mapping["FunctionName"])
                if function and (letters := stack.dead_letters_of(queue)):
                    read, dead = (self.queue(stack.of(QUEUE)[each]["QueueName"]) for each in (queue, letters))
                    name = str(function.properties["FunctionName"])
                    yield Subscription(self.target, context, read, dead, name, rule="")

    def under_way(self, paused: Collection[str] = ()) -> int:
        """How many messages wait or are worked on in the queues that somebody reads: those that have dead letters."""
        return sum(
            sum(self.queue(properties["QueueName"]).depth())
            for stack in self.stacks.values()
            for logical, properties in stack.of(QUEUE).items()
            if stack.dead_letters_of(logical) and properties["QueueName"] not in paused
        )

    def moves(self, order_id: str | None, paused: Collection[str] = ()) -> bool:
        """Whether anything is under way: a message that will be read, or a workflow that waits for nobody."""
        if self.under_way(paused):
            return True
        if self.execution(order_id) != "RUNNING":
            return False
        steps = self.system.workflow.steps(order_id or "")
        return not steps or steps[-1].name not in self.waits

    def comes(self, order_id: str, change: str, *, hopeless: Callable[[], bool] = lambda: False) -> bool:
        """Whether a change of an order came to be recorded."""
        return wait_until(
            lambda: change in self.system.kept(order_id).changes, seconds=PATIENCE_SECONDS, hopeless=hopeless
        )


def orders_in(queue: Queue) -> set[str]:
    """The orders that messages in a queue are about. They are there afterwards as before."""
    with queue.held() as held:
        bodies = [json.loads(message.body) for batch in held.batches() for message in batch]
    details = [body.get("detail", {}) for body in bodies]
    # an event of orders, or of the workflow's end: an execution is named by its order
    return {
        str(each.get("data", {}).get("order_id") or each.get("name") or each.get("durableExecutionName"))
        for each in details
    }


def wait_until(look: Callable[[], bool], *, seconds: float, hopeless: Callable[[], bool] = lambda: False) -> bool:
    """Whether it came about; ends early when nothing moves that could bring it about."""
    deadline, quiet = time.monotonic() + seconds, 0
    while not look():
        quiet = quiet + 1 if hopeless() else 0
        if quiet >= QUIET_LOOKS or time.monotonic() > deadline:
            return look()
        time.sleep(POLL_SECONDS)
    return True
