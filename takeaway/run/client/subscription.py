"""Find the rule, queue and function of a context that listens to the bus, by the outputs that every such stack has.

A subscription can be switched off and on: an outage on purpose, in which messages wait in the queue and none is lost.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from takeaway.errors import TakeawayError, UsageError
from takeaway.run.client.outputs import Stacks
from takeaway.run.client.queues import Queue
from takeaway.run.client.target import Target
from takeaway.waiting import await_until

OUTPUTS = ("QueueUrl", "DeadLetterQueueUrl", "FunctionName", "RuleName")
ENABLED, DISABLED = "Enabled", "Disabled"
DEADLINE_SECONDS = 180


@dataclass(frozen=True)
class Subscription:
    """A rule on the bus, the queue that it feeds, the dead-letter queue, and the function that reads the queue."""

    target: Target
    context: str
    queue: Queue
    dead_letters: Queue
    function: str
    rule: str
    is_internal: bool = False  # not the context's one subscription, which `dlq`, `redrive` and `outage` mean

    @property
    def is_out(self) -> bool:
        """True if nothing reads the queue, because its event source mappings are disabled or being disabled.

        Raises TakeawayError when there is no mapping at all.
        """
        return _all(self._mappings(), DISABLED, "Disabling")

    def switch(self, *, out: bool, deadline_seconds: float = DEADLINE_SECONDS) -> bool:
        """Stop or start the consumer, and return when that is done: True if it was a change.

        A batch that the function has begun is still finished. The function's concurrency becomes zero as well, because
        in the wiring that orchestrates everything it is called directly. Raises TakeawayError after the deadline.
        """
        functions = self.target.client("lambda")
        if not out:
            # Deleting all of it is right, because no function of ours reserves concurrency.
            functions.delete_function_concurrency(FunctionName=self.function)
        changed = self._switch_mappings(functions, out=out, deadline_seconds=deadline_seconds)
        if out:  # last: while the queue is still read, each refused invocation would count as a failed try
            functions.put_function_concurrency(FunctionName=self.function, ReservedConcurrentExecutions=0)
        return changed

    @contextmanager
    def outage(self) -> Iterator[None]:
        """Switch the consumer off while the block runs, and on again however the block ends."""
        try:
            self.switch(out=True)
            yield
        finally:
            self.switch(out=False)

    def _switch_mappings(self, functions: Any, *, out: bool, deadline_seconds: float) -> bool:
        before, wanted = (ENABLED, DISABLED) if out else (DISABLED, ENABLED)
        asked: set[str] = set()

        def are_switched() -> bool:
            mappings = self._mappings()
            for mapping in mappings:
                # AWS refuses to change one that is changing.
                if mapping["State"] == before and mapping["UUID"] not in asked:
                    functions.update_event_source_mapping(UUID=mapping["UUID"], Enabled=not out)
                    asked.add(mapping["UUID"])
            return _all(mappings, wanted)

        what = f"waiting until {self.context} is {wanted.lower()}"
        if not await_until(are_switched, seconds=deadline_seconds, what=what):
            states = ", ".join(sorted({str(each["State"]) for each in self._mappings()}))
            raise TakeawayError(f"{self.context} is {states} after {deadline_seconds:.0f} s, not {wanted}.")
        return bool(asked)

    def _mappings(self) -> Sequence[dict[str, Any]]:
        pages = self.target.client("lambda").get_paginator("list_event_source_mappings")
        wanted = {"EventSourceArn": self.queue.arn, "FunctionName": self.function}
        found = [each for page in pages.paginate(**wanted) for each in page["EventSourceMappings"]]
        if not found:
            raise TakeawayError(f"Nothing reads {self.queue.name}: deploy {self.context} again.")
        return found


def listeners(stacks: Stacks) -> list[str]:
    """Name the contexts that listen to the bus: their stacks have all of OUTPUTS."""
    return sorted(name for name, stack in stacks.by_context.items() if set(OUTPUTS) <= stack.outputs.keys())


def subscription_of(context: str, target: Target, stacks: Stacks) -> Subscription:
    """Return the context's subscription. Raises UsageError, with the contexts that have one, if it has none."""
    there = listeners(stacks)
    if context not in there:
        possible = f"those that do: {', '.join(there)}" if there else "none does"
        raise UsageError(f"No context {context!r} listens to the bus of stage {target.stage}; {possible}.")
    queue, dead_letters, function, rule = (stacks.output(context, output) for output in OUTPUTS)
    sqs = target.client("sqs")
    return Subscription(target, context, Queue(sqs, queue), Queue(sqs, dead_letters), function, rule)


def consumers_of(context: str, target: Target, stacks: Stacks) -> list[Subscription]:
    """List all queues that a context reads, with their functions, also queues that are internal to it.

    The outputs of a queue, its dead-letter queue and its function begin with the same word. `rule` is empty for a
    queue that no rule of the bus feeds.
    """
    said, (queue, dead_letters, function, rule) = stacks.of(context).outputs, OUTPUTS
    begins = [key.removesuffix(dead_letters) for key in said if key.endswith(dead_letters)]
    sqs = target.client("sqs")
    return [
        Subscription(
            target,
            context,
            Queue(sqs, said[begin + queue]),
            Queue(sqs, said[begin + dead_letters]),
            function=said[begin + function],
            rule=said.get(begin + rule, ""),
            is_internal=bool(begin),
        )
        for begin in begins
        if {begin + queue, begin + function} <= said.keys()
    ]


def _all(mappings: Sequence[dict[str, Any]], *states: str) -> bool:
    return all(each["State"] in states for each in mappings)
