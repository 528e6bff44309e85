"""The same story played in several systems at once, each by its own people; what they were told is kept with it."""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from threading import Event, Thread
from typing import NamedTuple

from takeaway.errors import Interrupted
from takeaway.run.client.failing import redelivered_soon, without_code
from takeaway.run.client.people import CUSTOMERS, People
from takeaway.run.client.queues import Queue
from takeaway.run.client.system import DEAD_LETTERS, System
from takeaway.run.console.failures import FAILURES, told
from takeaway.waiting import await_until, inheriting

PATIENCE_SECONDS = 60
THINKS_SECONDS = 2.0
OUTAGE_SECONDS = 12  # so long promotions is down after the order is delivered
NOTIFIES = "orders-notify-user"  # what the function is called in every wiring, behind the stage
DOES = {"accept": "accepts", "reject": "rejects", "complete": "has delivered", "cancel": "cancels"}
QUEUE = "NotifyUserQueueUrl"


class Said(NamedTuple):
    """Something that a person did, or an operator, and what came of it where that was a refusal."""

    at: datetime
    who: str
    what: str
    refusal: str = ""


@dataclass
class Run:
    """One story in one system, while it is told and afterwards."""

    system: System
    title: str
    order_id: str = ""
    said: list[Said] = field(default_factory=list)
    _ended: Event = field(default_factory=Event)
    _thread: Thread | None = None

    @property
    def is_over(self) -> bool:
        return self._thread is None or not self._thread.is_alive()

    def start(self, story: Callable[["Run"], None]) -> None:
        self._thread = Thread(target=inheriting(partial(self._tell, story)))
        self._thread.start()

    def end(self) -> None:
        """At the next pause; what was broken on purpose is mended."""
        self._ended.set()

    def _tell(self, story: Callable[["Run"], None]) -> None:
        try:
            story(self)
        except FAILURES as error:
            self.say("the console", "can’t go on", told(error))

    def pause(self, seconds: float) -> None:
        """Raises Interrupted, if it is to end."""
        if self._ended.wait(seconds):
            raise Interrupted

    def say(self, who: str, what: str, refusal: str = "") -> None:
        self.said.append(Said(datetime.now(UTC), who, what, refusal))

    def place(self) -> People:
        """As soon as its restaurant can know of the order."""
        people = People(self.system)
        self.say("customer", "orders")
        self.order_id = people.place()
        self.system.placed(self.order_id)
        return people

    def act(self, people: People, call: str) -> None:
        who = "customer" if call in CUSTOMERS else "restaurant"
        try:
            people.act(call, self.order_id)
        except FAILURES as error:
            self.say(who, DOES[call], told(error))
        else:
            self.say(who, DOES[call])

    def until(self, *statuses: str) -> None:
        """Or until nobody waits any more."""
        await_until(
            lambda: self._ended.is_set() or self.system.kept(self.order_id).status in statuses,
            seconds=PATIENCE_SECONDS,
        )
        self.pause(0)

    def until_given_up(self, dead_before: int) -> None:
        """What fails is tried again for a while; then the workflow goes on without, or a queue has a dead letter."""

        def is_given_up() -> bool:
            if not self.system.has_workflow:
                return self._ended.is_set() or _dead(self.system) > dead_before
            steps = self.system.workflow.steps(self.order_id)
            return self._ended.is_set() or (any(step.errors for step in steps) and not steps[-1].errors)

        await_until(is_given_up, seconds=PATIENCE_SECONDS, poll=1)
        self.pause(0)


def goes_well(run: Run) -> None:
    people = run.place()
    run.pause(THINKS_SECONDS)
    run.act(people, "accept")
    run.until("ACCEPTED", "FAILED")
    run.pause(THINKS_SECONDS)
    run.act(people, "complete")


def never_answers(run: Run) -> None:
    run.place()
    run.say("restaurant", "says nothing")


def promotions_down(run: Run) -> None:
    run.say("operator", "stops promotions")
    with run.system.subscription("promotions").outage():
        goes_well(run)
        run.pause(OUTAGE_SECONDS)
    run.say("operator", "lets promotions go on")


def _dead(system: System) -> int:
    """Dead letters of orders, whatever they are about."""
    said = system.stacks.of("orders").outputs
    queues = [Queue(system.target.client("sqs"), url) for key, url in said.items() if key.endswith(DEAD_LETTERS)]
    return sum(sum(queue.depth()) for queue in queues)


def notify_fails(run: Run) -> None:
    """Until nobody tries any more: the function has no code that could be loaded."""
    target = run.system.target
    urls = [url for key, url in run.system.stacks.of("orders").outputs.items() if key == QUEUE]
    with ExitStack() as restored:
        for url in urls:
            restored.enter_context(redelivered_soon(Queue(target.client("sqs"), url)))
        restored.enter_context(without_code(target, f"{target.prefix}-{NOTIFIES}"))
        run.say("operator", "breaks notify-user")
        before = _dead(run.system)
        people = run.place()
        run.pause(THINKS_SECONDS)
        run.act(people, "accept")
        run.until("ACCEPTED", "FAILED")
        run.until_given_up(before)
        run.act(people, "complete")
    run.say("operator", "mends notify-user")


def race(run: Run) -> None:
    people = run.place()
    run.pause(THINKS_SECONDS)
    with ThreadPoolExecutor(2) as both:
        for call in ("accept", "cancel"):
            both.submit(inheriting(partial(run.act, people, call)))


class Story(NamedTuple):
    title: str
    play: Callable[[Run], None]


STORIES: Mapping[str, Story] = {
    "goes-well": Story("Goes well", goes_well),
    "never-answers": Story("The restaurant never answers", never_answers),
    "promotions-down": Story("Promotions is down", promotions_down),
    "notify-fails": Story("notify-user fails", notify_fails),
    "race": Story("The race: accept and cancel at once", race),
}
