"""How each context of a stage is: at work, failing, or stopped; since when, of what, and what waits."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from takeaway.errors import UsageError
from takeaway.run.client.alarms import Alarm, alarms_by_context, context_of
from takeaway.run.client.failures import Failure, failures, whole_failures
from takeaway.run.client.functions import functions_with_logs
from takeaway.run.client.queues import Redelivery
from takeaway.run.client.subscription import Subscription, consumers_of
from takeaway.run.client.system import System
from takeaway.run.client.trying import SOON, Tries, began, tries

LOOK_BACK = timedelta(hours=1)  # for when failures began
LATELY = timedelta(minutes=1)  # as long as a function that no queue feeds is called failing after it failed


class State(StrEnum):
    """The worst first."""

    BROKEN = "broken"  # its stack is not as it was meant to be
    FAILING = "failing"  # what it failed of comes again, or came a moment ago
    OUT = "out"  # stopped on purpose: `takeaway outage`
    GAVE_UP = "gave up"  # nothing is tried again, and there are dead letters
    WORKING = "working"


@dataclass(frozen=True)
class Consumer:
    """A function that reads a queue; or one that is called, and has none. `since` is when its failures began."""

    function: str
    state: State = State.WORKING
    since: datetime | None = None
    last: Failure | None = None
    tries: Tries | None = None
    redelivery: Redelivery | None = None
    waiting: int = 0  # in the queue, be they tried already or not
    dead_letters: int = 0


@dataclass(frozen=True)
class Health:
    """Of a context; `worst` is the consumer that has the most to tell."""

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
    """Of every context of the stage, or of one. Raises UsageError for one that is not deployed."""
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
    """Of one that reads a queue."""
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
        State.OUT if consumer.is_out else state,
        since=began(found, after) if state is not State.WORKING else None,
        last=found[-1] if found else None,
        tries=coming,
        redelivery=redelivery,
        waiting=waiting,
        dead_letters=dead,
    )


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
    """What failed lately and, if there is such, before: a log is long, and most functions fail of nothing."""
    found = logged(recent)
    if not found and not even_if_none:
        return []
    return sorted({*logged(now - LOOK_BACK), *found}, key=lambda each: each.at)
