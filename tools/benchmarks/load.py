"""Measure throughput and waiting times with 4, 12 and 32 orders at once, and where the time goes.

It runs on an embedded engine of its own, and then at AWS_ENDPOINT_URL, if that is set; a system has to run there
(`takeaway up`). An order is placed, accepted as soon as its restaurant may, and delivered; it is over when the API
shows it as completed.
"""

import os
import re
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from statistics import median, quantiles
from typing import TypeVar

from takeaway.errors import TakeawayError
from takeaway.run.cli.output import steps
from takeaway.run.client import functions
from takeaway.run.client.people import People
from takeaway.run.client.system import System
from takeaway.run.client.target import ENDPOINT, Target, resolve
from takeaway.run.demo.performance import STAGE, own_system
from takeaway.run.deploy.parameters import Parameters
from takeaway.run.engine.home import Home
from takeaway.run.engine.kinds import EngineKind
from takeaway.waiting import await_until

AT_ONCE = (4, 12, 32)
ORDERS = 5  # the number of orders is so many times the number at once
LONGEST = 120.0  # seconds that an order may take
POLL = 0.2
DURATION = re.compile(r"\tDuration: ([\d.]+) ms")
# Orders a second on 25 November 2026, and LocalStack's with the same templates on the same machine.
BEFORE = {4: "5.1 orders/s; LocalStack 0.79", 12: "7.9 orders/s; LocalStack 0.92"}
T = TypeVar("T")
GOAL = "10 times LocalStack's in the same run"


@dataclass
class Life:
    """Seconds of one order: until the API has taken it, in all calls of the API, and until it is completed."""

    placed: float = 0.0
    calling: float = 0.0
    whole: float = 0.0

    def timed(self, call: Callable[[], T]) -> T:
        begun = time.monotonic()
        made = call()
        self.calling += time.monotonic() - begun
        return made


def rows() -> Iterator[tuple[str, str, str, str]]:
    with steps("starting an engine") as progress, own_system(Parameters(stage=STAGE), progress, {}) as system:
        yield from of(system)
    if os.environ.get(ENDPOINT):
        yield from of(System(resolve(Home(), stage=os.environ.get("TAKEAWAY_STAGE"))))


def of(system: System) -> Iterator[tuple[str, str, str, str]]:
    kind = system.target.traits.kind
    carried_through(system, max(AT_ONCE) // 4)  # warms the functions up
    for at_once in AT_ONCE:
        began, since = time.monotonic(), datetime.now(UTC)
        with ThreadPoolExecutor(at_once) as pool:
            lives = list(pool.map(lambda _: one(system), range(at_once * ORDERS)))
        seconds = time.monotonic() - began
        in_functions = sum(_durations(system.target, since)) / 1000 / len(lives)
        before, goal = (BEFORE.get(at_once, ""), GOAL) if kind is EngineKind.MINISTACK else ("", "")
        yield f"{kind}, {at_once} at once", before, told(lives, seconds, in_functions), goal


def told(lives: list[Life], seconds: float, in_functions: float) -> str:
    whole, placed = [life.whole for life in lives], [life.placed * 1000 for life in lives]
    calling = sum(life.calling for life in lives) / len(lives)
    return (
        f"{len(lives) / seconds:.1f} orders/s; taken after {median(placed):.0f} ms; completed after "
        f"{median(whole):.1f} s, p95 {quantiles(whole, n=20)[-1]:.1f} s; of an order {in_functions:.2f} s in "
        f"functions, {calling:.2f} s in calls of the API"
    )


def carried_through(system: System, at_once: int) -> None:
    with ThreadPoolExecutor(at_once) as pool:
        list(pool.map(lambda _: one(system), range(at_once)))


def one(system: System) -> Life:
    """Bring one order from placing to completion. Raises TakeawayError if that takes too long."""
    people, life, begun = People(system), Life(), time.monotonic()
    order_id = life.timed(people.place)
    life.placed = life.calling

    def waits_for(status: str) -> None:
        def has() -> bool:
            return life.timed(lambda: bool(people.view(order_id)["status"] == status))

        if not await_until(has, seconds=LONGEST, poll=POLL):
            raise TakeawayError(f"Order {order_id} was not {status} after {LONGEST:.0f} seconds.")

    for awaited, act in (("PLACED", "accept"), ("ACCEPTED", "complete")):
        waits_for(awaited)
        life.timed(partial(people.act, act, order_id))
    waits_for("COMPLETED")
    life.whole = time.monotonic() - begun
    return life


def _durations(target: Target, since: datetime) -> Iterator[float]:
    """Yield the milliseconds of each invocation since then, from REPORT lines; some engines log none."""
    for group in functions.log_groups(target):
        name = str(group["logGroupName"]).removeprefix("/aws/lambda/")
        for event in functions.lines(target, name, "REPORT", since=since):
            if found := DURATION.search(event["message"]):
                yield float(found[1])
