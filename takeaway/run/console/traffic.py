"""Place random orders one after the other and let people answer them, so that there is something to watch.

Each order goes one of the ways that the facts of orders list.
"""

import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from threading import Event, Lock, Thread

from takeaway.errors import Refused, TakeawayError
from takeaway.facts import Way, facts_of
from takeaway.run.client.people import People, new_customer
from takeaway.run.client.system import System
from takeaway.run.console import acts
from takeaway.run.console.catalogue import somebody
from takeaway.run.console.failures import FAILURES, told
from takeaway.waiting import await_until, inheriting

MOST = 200  # orders of one run; `takeaway console --orders` has the same limit
AT_ONCE = 16  # orders that are being answered
PAUSE_SECONDS = (0.4, 1.6)  # between two orders
THINKING_SECONDS = (0.8, 4.0)
PATIENCE_SECONDS = 60
GOES_WELL = 3  # the weight of orders that are completed


class Traffic:
    """Random orders for one system; one run at a time, with counts of what happened."""

    def __init__(self) -> None:
        self._lock, self._stopped = Lock(), Event()
        self._thread: Thread | None = None
        self._chance = random.Random()  # noqa: S311 - for variety
        self.wanted = self.placed = self.answered = self.refused = 0
        self.last = ""

    @property
    def is_running(self) -> bool:
        return self._thread is not None and self._thread.is_alive()

    def start(self, find: Callable[[], System], count: int) -> None:
        """Start placing orders. Raises Refused for a number out of range, and while a run goes on."""
        if not 1 <= count <= MOST:
            raise Refused(400, "Not so many", f"expected 1 to {MOST} orders")
        with self._lock:
            if self.is_running:
                raise Refused(409, "There are orders on their way", "stop them first")
            self._stopped.clear()
            self.wanted, self.placed, self.answered, self.refused, self.last = count, 0, 0, 0, ""
            self._thread = Thread(target=inheriting(partial(self._run, find, count)))
            self._thread.start()

    def stop(self) -> None:
        """Stop placing and answering orders; open ones wait for their deadlines."""
        self._stopped.set()

    def end(self) -> None:
        """Stop, and return when the run's threads have ended."""
        self.stop()
        if self._thread:
            self._thread.join()

    def _run(self, find: Callable[[], System], count: int) -> None:
        ways = possible_ways()
        with ThreadPoolExecutor(AT_ONCE) as pool:
            for _ in range(count):
                if self._stopped.wait(self._chance.uniform(*PAUSE_SECONDS)):
                    break
                weights = [GOES_WELL * len(ways) if name == "completed" else len(ways) / 2 for name in ways]
                [name] = self._chance.choices([*ways], weights)
                self._try(partial(self._place, find(), ways[name], pool))

    def _place(self, system: System, way: Way, pool: ThreadPoolExecutor) -> None:
        # The API limits the open orders of a customer, so each order gets a new customer with a known name.
        people = replace(somebody(system, self._chance), customer_id=new_customer())
        order_id = people.place()
        self.placed += 1
        if way.does:
            pool.submit(inheriting(partial(self._try, partial(self._live, system, people, way, order_id))))

    def _live(self, system: System, people: People, way: Way, order_id: str) -> None:
        for act in way.does.values():
            if self._stopped.wait(self._chance.uniform(*THINKING_SECONDS)):
                return
            wanted = [status for status, calls in acts.calls_of().items() if act.call in calls]
            await_until(partial(self._is_due, system, order_id, wanted), seconds=PATIENCE_SECONDS)
            if not self._stopped.is_set():
                people.act(act.call, order_id)
        self.answered += 1

    def _is_due(self, system: System, order_id: str, wanted: list[str]) -> bool:
        return self._stopped.is_set() or system.kept(order_id).status in wanted

    def _try(self, what: Callable[[], None]) -> None:
        try:
            what()
        except FAILURES as error:
            self.refused, self.last = self.refused + 1, told(error)


def possible_ways() -> dict[str, Way]:
    """Return the ways that only need people who call in time: no crash, no operator, nobody early or late."""
    ways = facts_of("orders").ways
    found = {
        name: way
        for name, way in ways.items()
        if not way.fails and not way.stops and all(act.when == "waiting" for act in way.does.values())
    }
    if not found:
        raise TakeawayError("The facts of orders have no way that people alone can bring about.")
    return found
