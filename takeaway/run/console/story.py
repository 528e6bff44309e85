"""Play a story in one system, and record what its people did and which of it was refused."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from threading import Event, Thread
from typing import NamedTuple

from takeaway.errors import Interrupted
from takeaway.run.client.people import CUSTOMERS, People
from takeaway.run.client.queues import Queue
from takeaway.run.client.system import DEAD_LETTERS, System
from takeaway.run.console.failures import FAILURES, told
from takeaway.waiting import await_until, inheriting

PATIENCE_SECONDS = 60
DOES = {"accept": "accepts", "reject": "rejects", "complete": "has delivered", "cancel": "cancels"}


class Said(NamedTuple):
    """An act of a person or an operator; `refusal` is the reason if it was refused."""

    at: datetime
    who: str
    what: str
    refusal: str = ""


@dataclass
class Run:
    """One story in one system, while it is played and afterwards."""

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
        """End the story at its next pause; it then restores what it has broken."""
        self._ended.set()

    def _tell(self, story: Callable[["Run"], None]) -> None:
        try:
            story(self)
        except FAILURES as error:
            self.say("the console", "can’t go on", told(error))

    def pause(self, seconds: float) -> None:
        """Wait so many seconds. Raises Interrupted if the story is to end."""
        if self._ended.wait(seconds):
            raise Interrupted

    def say(self, who: str, what: str, refusal: str = "") -> None:
        self.said.append(Said(datetime.now(UTC), who, what, refusal))

    def place(self) -> People:
        """Place an order, wait until its restaurant can know of it, and return its people."""
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
        """Wait until the order has one of the statuses, for up to a minute. Raises Interrupted if it is to end."""
        await_until(
            lambda: self._ended.is_set() or self.system.kept(self.order_id).status in statuses,
            seconds=PATIENCE_SECONDS,
        )
        self.pause(0)

    def until_given_up(self, dead_before: int) -> None:
        """Wait until a failing step is given up: the workflow has gone on, or there is a new dead letter."""

        def is_given_up() -> bool:
            if not self.system.has_workflow:
                return self._ended.is_set() or dead_letters_of_orders(self.system) > dead_before
            steps = self.system.workflow.steps(self.order_id)
            return self._ended.is_set() or (any(step.errors for step in steps) and not steps[-1].errors)

        await_until(is_given_up, seconds=PATIENCE_SECONDS, poll=1)
        self.pause(0)


def dead_letters_of_orders(system: System) -> int:
    """Count the messages in all dead-letter queues of orders."""
    said = system.stacks.of("orders").outputs
    queues = [Queue(system.target.client("sqs"), url) for key, url in said.items() if key.endswith(DEAD_LETTERS)]
    return sum(sum(queue.depth()) for queue in queues)
