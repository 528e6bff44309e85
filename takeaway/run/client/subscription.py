"""A context that listens to the bus, whichever it is: found by the outputs that the paved road gives its stack."""

from dataclasses import dataclass

from takeaway.errors import UsageError
from takeaway.run.client.outputs import Stacks
from takeaway.run.client.queues import Queue
from takeaway.run.client.target import Target

OUTPUTS = ("QueueUrl", "DeadLetterQueueUrl", "FunctionName", "RuleName")


@dataclass(frozen=True)
class Subscription:
    """Its rule on the bus, its queue and dead-letter queue, and the function that reads the queue."""

    target: Target
    context: str
    queue: Queue
    dead_letters: Queue
    function: str
    rule: str


def subscription_of(context: str, target: Target, stacks: Stacks) -> Subscription:
    """Raises UsageError, which names the contexts that have one."""
    there = sorted(name for name, stack in stacks.by_context.items() if set(OUTPUTS) <= stack.outputs.keys())
    if context not in there:
        possible = f"those that do: {', '.join(there)}" if there else "none does"
        raise UsageError(f"No context {context!r} listens to the bus of stage {target.stage}; {possible}.")
    queue, dead_letters, function, rule = (stacks.output(context, output) for output in OUTPUTS)
    sqs = target.client("sqs")
    return Subscription(target, context, Queue(sqs, queue), Queue(sqs, dead_letters), function, rule)
