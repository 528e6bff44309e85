"""Find the health of each context of a stage: working, failing or stopped, since when, why, and how much waits."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from takeaway.errors import TakeawayError, UsageError
from takeaway.run.client.alarms import Alarm, alarms_by_context, context_of
from takeaway.run.client.failures import Failure, failures, whole_failures
from takeaway.run.client.functions import functions_with_logs
from takeaway.run.client.queues import Redelivery
from takeaway.run.client.subscription import Subscription, consumers_of
from takeaway.run.client.system import System
from takeaway.run.client.tries import SOON, Tries, began, tries

LOOK_BACK = timedelta(hours=1)  # as far back as the beginning of failures is searched
LATELY = timedelta(minutes=1)  # a function without a queue counts as failing for so long after a failure


class State(StrEnum):
    """The state of a consumer or a context, the worst first: health shows the first that applies."""

    BROKEN = "broken"  # its stack's deployment failed, or is not complete
    FAILING = "failing"  # a message that failed is tried again, or a call failed a moment ago
    OUT = "out"  # stopped on purpose: `takeaway outage`
    GAVE_UP = "gave up"  # nothing is tried again, and there are dead letters
    WORKING = "working"


@dataclass(frozen=True)
class Consumer:
    """The health of one function, be it one that reads a queue or one that is called.

    `since` is when the present row of failures began, `last` the newest of them. A function that is called has no
    `redelivery` and no counts.
    """

    function: str
    state: State = State.WORKING
    since: datetime | None = None
    last: Failure | None = None
    tries: Tries | None = None
    redelivery: Redelivery | None = None
    waiting: int = 0  # messages in the queue, tried already or not
    dead_letters: int = 0
    internal: str = ""  # the dead-letter queue's name, if `takeaway redrive` does not reach it


@dataclass(frozen=True)
class Health:
    """The health of a context. `stack` is its CloudFormation status, `worst` its consumer in the worst state."""

    context: str
    stack: str
    state: State
    consumers: list[Consumer] = field(default_factory=list)
    alarms: list[Alarm] = field(default_factory=list)

    @property
    def worst(self) -> Consumer | None:
        return min(self.consumers, key=lambda each: [*State].index(each.state), default=None)

    @property
    def waiting(self) -> int:
        return sum(each.waiting for each in self.consumers)

    @property
    def dead_letters(self) -> int:
        return sum(each.dead_letters for each in self.consumers)


def health(system: System, only: str | None = None) -> list[Health]:
    """Return the health of every context of the stage, or of `only` one.

    Raises UsageError for a context that is not deployed. Source: stacks, alarms, queues and logs; it changes nothing.
    """
    target, stacks = system.target, system.stacks.by_context
    if only is not None and only not in stacks:
        there = ", ".join(sorted(stacks))
        raise UsageError(f"No context {only!r} is deployed as stage {target.stage}; those that are: {there}.")
    ringing, functions = alarms_by_context(target, stacks), functions_with_logs(target)
    found = []
    for name, stack in stacks.items():
        if only in (None, name):
            own = [each for each in functions if context_of(each.removeprefix(f"{target.prefix}-"), stacks) == name]
            consumers = list(_consumers(system, name, own))
            worst = min((each.state for each in consumers), key=[*State].index, default=State.WORKING)
            state = worst if stack.is_healthy else State.BROKEN
            found.append(Health(name, stack.status, state, consumers, ringing[name]))
    return found


def _consumers(system: System, context: str, functions: Iterable[str]) -> Iterator[Consumer]:
    fed = consumers_of(context, system.target, system.stacks)
    for each in fed:
        yield health_of(each)
    for function in functions:
        if function not in [each.function for each in fed]:
            yield _called(system, function, datetime.now(UTC))


def health_of(consumer: Subscription) -> Consumer:
    """Return the health of a function that reads a queue."""
    now = datetime.now(UTC)
    redelivery = consumer.queue.redelivery()
    queue, letters = consumer.queue.depth(), consumer.dead_letters.depth()
    waiting, dead = queue.waiting + queue.in_flight, letters.waiting + letters.in_flight
    after = redelivery.after if redelivery else LATELY

    def logged(since: datetime) -> list[Failure]:
        return failures(consumer.target, consumer.function, since=since)

    found = _looked_back(logged, now - after - 2 * SOON, now, even_if_none=dead > 0)
    coming = tries(found, redelivery, now=now) if redelivery and waiting else None
    state = State.FAILING if coming else State.GAVE_UP if dead else State.WORKING
    return Consumer(
        consumer.function,
        State.OUT if _is_out(consumer) else state,
        since=began(found, after) if state is not State.WORKING else None,
        last=found[-1] if found else None,
        tries=coming,
        redelivery=redelivery,
        waiting=waiting,
        dead_letters=dead,
        internal=consumer.dead_letters.name if consumer.is_internal else "",
    )


def _is_out(consumer: Subscription) -> bool:
    try:
        return consumer.is_out
    except TakeawayError:  # nothing reads its queue at all
        return True


def _called(system: System, function: str, now: datetime) -> Consumer:
    def logged(since: datetime) -> list[Failure]:
        return whole_failures(system.target, function, since=since)

    found = _looked_back(logged, now - LATELY, now, even_if_none=False)
    if not found:
        return Consumer(function)
    return Consumer(function, State.FAILING, since=began(found, LATELY), last=found[-1])


def _looked_back(
    logged: Callable[[datetime], list[Failure]], recent: datetime, now: datetime, *, even_if_none: bool
) -> list[Failure]:
    """Read the recent failures and, only if there are some, those of the last hour.

    Most functions have none, and reading an hour of a log takes long.
    """
    found = logged(recent)
    if not found and not even_if_none:
        return []
    return sorted({*logged(now - LOOK_BACK), *found}, key=lambda each: each.at)
