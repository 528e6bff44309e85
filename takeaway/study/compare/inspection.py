"""How things stand, read past the API: looking makes no function run, so it costs an order nothing that is counted."""

import json
import time
from collections.abc import Callable, Collection

from shared.asl.graph import StateMachine, awaits_callback
from takeaway.check.templates.stack import QUEUE
from takeaway.study.compare.trio import Contender

POLL_SECONDS, PATIENCE_SECONDS = 0.05, 25
QUIET_LOOKS = 3  # in a row: between two queues an event is in neither
TOLD, CONFIRMED = "restaurant_notified", "user_notified:accepted"


def crossed(contender: Contender, order_id: str, kind: str) -> int:
    """How many events, or messages to its restaurant, the journal has of an order; what came twice is one."""
    return sum(entry.kind == kind for entry in contender.system.journal.of_order(order_id))


def under_way(contender: Contender, paused: Collection[str] = ()) -> int:
    """How many messages wait or are worked on in the queues that somebody reads: those that have dead letters."""
    return sum(
        sum(contender.queue(properties["QueueName"]).depth())
        for stack in contender.stacks.values()
        for logical, properties in stack.of(QUEUE).items()
        if stack.dead_letters_of(logical) and properties["QueueName"] not in paused
    )


def orders_in(contender: Contender, queue: str) -> set[str]:
    """The orders that messages in a queue are about. They are there afterwards as before."""
    with contender.queue(queue).held() as held:
        bodies = [json.loads(message.body) for batch in held.batches() for message in batch]
    details = [body.get("detail", {}) for body in bodies]
    # an event of orders, or of the workflow's end: an execution is named by its order
    return {str(each.get("data", {}).get("order_id") or each.get("name")) for each in details}


def moves(contender: Contender, order_id: str | None, paused: Collection[str] = ()) -> bool:
    """Whether anything is under way: a message that will be read, or a workflow that waits for nobody."""
    if under_way(contender, paused):
        return True
    if contender.execution(order_id) != "RUNNING":
        return False
    steps = contender.system.workflow.steps(order_id or "")
    return not steps or steps[-1].name not in waiting_states(contender)


def waiting_states(contender: Contender) -> dict[str, int]:
    """The states in which its workflow waits for a callback, and for how many seconds."""
    definition = definition_of(contender)
    return {name: state["TimeoutSeconds"] for name, state in definition.states.items() if awaits_callback(state)}


def definition_of(contender: Contender) -> StateMachine:
    arn = contender.system.stacks.output("orders", "StateMachineArn")
    answer = contender.target.client("stepfunctions").describe_state_machine(stateMachineArn=arn)
    return StateMachine.parse(answer["definition"])


def wait_for(contender: Contender, order_id: str, change: str, *, hopeless: Callable[[], bool] = lambda: False) -> bool:
    """Whether a change of an order came to be recorded."""
    return wait_until(
        lambda: change in contender.system.kept(order_id).changes, seconds=PATIENCE_SECONDS, hopeless=hopeless
    )


def wait_until(look: Callable[[], bool], *, seconds: float, hopeless: Callable[[], bool] = lambda: False) -> bool:
    """Whether it came about; ends early when nothing moves that could bring it about."""
    deadline, quiet = time.monotonic() + seconds, 0
    while not look():
        quiet = quiet + 1 if hopeless() else 0
        if quiet >= QUIET_LOOKS or time.monotonic() > deadline:
            return look()
        time.sleep(POLL_SECONDS)
    return True
