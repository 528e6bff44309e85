"""Play the people of the stories: customers order, restaurants answer their messages, an operator stops one."""

import threading
import time
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

from takeaway.run.client.people import CUSTOMERS, People
from takeaway.run.client.readers import Entry, Voucher
from takeaway.run.client.system import System
from takeaway.run.demo.examples import Example

AT_ONCE = 4  # people at the same time; the engine has functions for so many
POLL_SECONDS, VOUCHERS_SECONDS = 0.25, 1.0
SAID = {"accept": "accepts", "complete": "has delivered", "cancel": "cancels"}  # the words for each call


@dataclass(frozen=True)
class Act:
    """An act of a person about an order."""

    at: datetime
    who: str
    what: str
    example: Example


class Play:
    """One performance, for the time of a `with` block: people react to events and messages in the background.

    A restaurant learns of an order by its message, as a real one would. `failures` has refusals of the API and other
    errors. An order that does not end is found by the evidence.
    """

    def __init__(self, system: System) -> None:
        self._system = system
        self.began_at = datetime.now(UTC)
        self.placed: dict[str, Example] = {}
        self.failures: list[str] = []
        self.acts: list[Act] = []
        self.vouchers: list[Voucher] = []
        self.ended: set[str] = set()  # names of examples
        self._waiting: list[Entry] = []  # entries of orders whose id the API has not returned yet
        self._pool = ThreadPoolExecutor(AT_ONCE)
        self._over = threading.Event()
        self._listener = threading.Thread(target=self._listen, name="play", daemon=True)

    def __enter__(self) -> "Play":
        self._listener.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._pool.shutdown(wait=False, cancel_futures=True)
        self._listener.join()

    def place(self, *examples: Example) -> None:
        """Let their customers order, in the background."""
        for example in examples:
            self._do(example, partial(self._place, example))

    def id_of(self, example: Example) -> str | None:
        """Return the order's id; None until the API has answered."""
        return next((id_ for id_, each in list(self.placed.items()) if each is example), None)

    def is_over(self, examples: Collection[Example]) -> bool:
        """True if all have ended and have their vouchers, or if something failed, so that they never will."""
        rewarded = {self.placed[voucher.order_id].name for voucher in self.vouchers}
        return bool(self.failures) or all(
            example.name in self.ended and (not example.voucher or example.name in rewarded) for example in examples
        )

    def acts_about(self, example: Example) -> Sequence[Act]:
        return [act for act in self.acts if act.example is example]

    def _place(self, example: Example) -> None:
        self._tell(
            "customer",
            f"{example.customer} orders {example.dishes} from {example.restaurant}, {example.total}",
            example,
        )
        self.placed[self._people(example).place()] = example

    def _listen(self) -> None:
        following, looked = self._system.journal.following(self.began_at), 0.0
        while not self._over.wait(POLL_SECONDS):
            try:
                for entry in self._waiting + sorted(following.new(), key=lambda each: each.at):
                    self._hear(entry)
                if time.monotonic() > looked + VOUCHERS_SECONDS:
                    looked = time.monotonic()
                    self._look_for_vouchers()
            except Exception as error:  # noqa: BLE001 - nobody would see an error that ends a thread
                if not self._over.is_set():
                    self.failures.append(f"what happens can't be followed: {error}")
                return

    def _look_for_vouchers(self) -> None:
        known = {voucher.code for voucher in self.vouchers}
        found = self._system.vouchers.all()
        self.vouchers += [each for each in found if each.code not in known and each.order_id in self.placed]

    def _hear(self, entry: Entry) -> None:
        """Take note of an entry, and let the person whose turn it is act."""
        self._waiting = [each for each in self._waiting if each.id != entry.id]
        example = self.placed.get(entry.order_id)
        if example is None:
            self._waiting.append(entry)
            return
        told = entry.content.get("reason") if entry.name == "user_notified" else None
        if entry.name == "order_completed" or (told is not None and told != "accepted"):
            self.ended.add(example.name)
        if act := self._whose_turn(entry, example, told):
            self._do(example, act)

    def _whose_turn(self, entry: Entry, example: Example, told: str | None) -> Callable[[], None] | None:
        calls = [act.call for act in example.way.does.values()]
        if example.way.stops and entry.name == "restaurant_notified":
            return partial(self._stop, entry.order_id, example)
        turn = calls[:1] if entry.kind == "message" else calls[1:] if told == "accepted" else []
        return partial(self._act, turn[0], entry.order_id, example) if turn else None

    def _act(self, call: str, order_id: str, example: Example) -> None:
        who, name = ("customer", example.customer) if call in CUSTOMERS else ("restaurant", example.restaurant)
        self._tell(who, f"{name} rejects: “{example.reason}”" if call == "reject" else f"{name} {SAID[call]}", example)
        self._people(example).act(call, order_id)

    def _stop(self, order_id: str, example: Example) -> None:
        self._tell("operator", f"stops the execution of the order of {example.customer}", example)
        self._system.workflow.stop(order_id, why="an operator tries what happens")

    def _people(self, example: Example) -> People:
        return people_of(example, self._system)

    def _tell(self, who: str, what: str, example: Example) -> None:
        self.acts.append(Act(datetime.now(UTC), who, what, example))

    def _do(self, example: Example, what: Callable[[], None]) -> None:
        def doing() -> None:
            try:
                what()
            except Exception as error:  # noqa: BLE001 - nobody would see an error in a pool's thread
                self.failures.append(f"{example.name}: {error}")

        self._pool.submit(doing)


def people_of(example: Example, system: System) -> People:
    return People(
        system, example.order, example.customer_id, example.reason, name=example.customer, email=example.email
    )
