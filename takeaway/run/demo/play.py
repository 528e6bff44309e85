"""Plays the stories: customers order, restaurants answer the messages that they get, and everything is told."""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime
from functools import partial

from takeaway.errors import TakeawayError
from takeaway.run.client.people import CUSTOMERS, People
from takeaway.run.client.readers import Entry
from takeaway.run.client.system import System
from takeaway.run.demo.examples import Example
from takeaway.run.demo.telling import Teller

AT_ONCE = 4  # as many people as the engine has functions for
POLL_SECONDS = 0.15
SAID = {"accept": "accepts", "complete": "has delivered"}  # of a restaurant, by what it calls


class Play:
    """One performance. Restaurants know of an order by the message that they got, as real ones would."""

    def __init__(self, system: System, examples: Sequence[Example], audience: Teller) -> None:
        self._system, self._examples, self._audience = system, examples, audience
        self.began_at = datetime.now(UTC)
        self.placed: dict[str, Example] = {}
        self.failures: list[str] = []
        self._ended: set[str] = set()
        self._vouchers: set[str] = set()
        self._waiting: list[Entry] = []  # heard of before the API's answer was

    def perform(self, *, seconds: float) -> None:
        """Until every story has ended, or the time is up; what did not end is seen in the evidence."""
        deadline = time.monotonic() + seconds
        following = self._system.journal.following(self.began_at)
        pool = ThreadPoolExecutor(AT_ONCE)
        doing = [self._do(pool, example, partial(self._place, example)) for example in self._examples]
        try:
            while time.monotonic() < deadline and not self._is_over(doing):
                for entry in self._waiting + sorted(following.new(), key=lambda each: each.at):
                    if reaction := self._hear(entry):
                        doing.append(self._do(pool, *reaction))
                self._look_for_vouchers()
                self._audience.pause()
                time.sleep(POLL_SECONDS)
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
            self._audience.end()

    def _is_over(self, doing: Sequence[Future[None]]) -> bool:
        if not all(task.done() for task in doing):
            return False
        vouchers = sum(example.voucher for example in self.placed.values())
        return bool(self.failures) or (self._ended >= self.placed.keys() and len(self._vouchers) >= vouchers)

    def _place(self, example: Example) -> None:
        self._audience.tell(
            "customer", f"{example.customer} orders {example.dishes} from {example.restaurant}, {example.total}"
        )
        self.placed[self._people(example).place()] = example

    def _hear(self, entry: Entry) -> tuple[Example, Callable[[], None]] | None:
        """Tell what happened. Returns whose turn it is then, and what they do."""
        self._waiting = [each for each in self._waiting if each.id != entry.id]
        example = self.placed.get(entry.order_id)
        if example is None:
            self._waiting.append(entry)
            return None
        self._audience.crosses(entry, example)
        told = entry.content.get("reason") if entry.name == "user_notified" else None
        if entry.name == "order_completed" or (told is not None and told != "accepted"):
            self._ended.add(entry.order_id)
        return self._whose_turn(entry, example, told)

    def _whose_turn(
        self, entry: Entry, example: Example, told: str | None
    ) -> tuple[Example, Callable[[], None]] | None:
        calls = [act.call for act in example.way.does.values()]
        if example.way.stops and entry.name == "restaurant_notified":
            return example, partial(self._stop, entry.order_id, example)
        turn = calls[:1] if entry.kind == "message" else calls[1:] if told == "accepted" else []
        return (example, partial(self._act, turn[0], entry.order_id, example)) if turn else None

    def _act(self, call: str, order_id: str, example: Example) -> None:
        if call in CUSTOMERS:
            self._audience.tell("customer", f"{example.customer} cancels")
        else:
            said = f"rejects: “{example.reason}”" if call == "reject" else SAID[call]
            self._audience.tell("restaurant", f"{example.restaurant} {said}")
        self._people(example).act(call, order_id)

    def _people(self, example: Example) -> People:
        return People(
            self._system, example.order, example.customer_id, example.reason, name=example.customer, email=example.email
        )

    def _stop(self, order_id: str, example: Example) -> None:
        self._audience.tell("operator", f"stops the execution of the order of {example.customer}")
        self._system.workflow.stop(order_id, why="an operator tries what happens")

    def _look_for_vouchers(self) -> None:
        for voucher in self._system.vouchers.all():
            if voucher.code not in self._vouchers and voucher.order_id in self.placed:
                self._vouchers.add(voucher.code)
                self._audience.voucher(voucher, self.placed[voucher.order_id])

    def _do(self, pool: ThreadPoolExecutor, example: Example, what: Callable[[], None]) -> "Future[None]":
        def doing() -> None:
            try:
                what()
            except TakeawayError as error:
                self.failures.append(f"{example.name}: {error}")

        return pool.submit(doing)
