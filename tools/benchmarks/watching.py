"""Measure the console over a long time: the memory of server and page, and the cost of an hour on AWS.

Entries are written directly into the journal, faster than people order: 1,000 orders, of which 300 stay open. Requests
of an hour on AWS are counted on the embedded engine, at the pace that the console has on AWS.
"""

import os
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from functools import partial
from itertools import count
from statistics import mean

from contexts.console.journal import Entry
from takeaway.paths import TOOLS
from takeaway.run.cli.output import steps
from takeaway.run.client.people import People
from takeaway.run.client.system import System
from takeaway.run.console import systems as watching
from takeaway.run.console.looking import neighbours_of, order_seen
from takeaway.run.console.rooms import Room, depths
from takeaway.run.demo.performance import STAGE, own_system
from takeaway.run.deploy.parameters import Parameters
from takeaway.study.costs.prices import priced, prices, total
from takeaway.study.costs.units import Units
from tools.browser import browser

ORDERS, OPEN = 1000, 300
A_SECOND, SECONDS = 20, 300  # 20 events a second for 300 s are those of an hour at 1.7 a second
FRAMES_SECONDS = 5
FRAMES = """(async () => {{ let n = 0; const end = performance.now() + {ms};
    while (performance.now() < end) {{ await new Promise(requestAnimationFrame); n += 1; }} return n; }})()"""
HEAP = "Math.round(performance.memory.usedJSHeapSize / 1e6)"
LIVES = ("order_placed", "restaurant_notified", "order_accepted", "user_notified", "order_completed")
BILLED = {"sqs": "queue_requests", "dynamodb": "table_reads"}  # the other services' requests are free


def rows() -> Iterator[tuple[str, str, str, str]]:
    with steps("starting an engine") as progress, own_system(Parameters(STAGE), progress, {}) as system:
        yield from _an_hour_on_aws(system)
        yield from _for_long(system)


def _for_long(system: System) -> Iterator[tuple[str, str, str, str]]:
    environment = {**os.environ, **system.target.environment(), "TAKEAWAY_HOME": str(system.target.home.folder)}
    command = [str(TOOLS / "takeaway"), "--stage", system.target.stage, "console", "--read-only"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process, browser() as opened:
        assert process.stdout is not None
        page = opened.page()
        page.goto(f"{process.stdout.readline().strip()}{system.target.stage}/map")
        written, memory, heap, frames = _written(system), list[int](), list[int](), list[float]()
        began = time.monotonic()
        while (passed := time.monotonic() - began) < SECONDS:
            while next(written) < A_SECOND * passed:
                pass
            frames.append(page.run(FRAMES.format(ms=FRAMES_SECONDS * 1000)) / FRAMES_SECONDS)
            memory.append(_megabytes(process.pid))
            heap.append(page.run(HEAP))
        process.terminate()
    third = len(memory) // 3
    of = f"{A_SECOND * SECONDS:,} events of {ORDERS:,} orders, {OPEN} open, in {SECONDS} s"
    yield f"the server's memory, {of}", "", _first_and_last(memory, third, " MB"), "flat"
    yield "the page's memory", "", _first_and_last(heap, third, " MB"), "flat"
    yield "frames a second of the map", "", _first_and_last(frames, third, ""), "flat"


def _first_and_last(values: list[int] | list[float], third: int, unit: str) -> str:
    return f"{mean(values[:third]):.0f}{unit} in the first third, {mean(values[-third:]):.0f}{unit} in the last"


def _written(system: System) -> Iterator[int]:
    """Write an entry each time the next number is asked for, and yield its number."""
    table, journal = system.target.client("dynamodb"), system.stacks.output("console", "JournalTable")
    for number in count():
        order, step = number % ORDERS, number // ORDERS
        name = LIVES[min(step, 1 if order < OPEN else len(LIVES) - 1)]
        content = {"order_id": f"order-{order}", "restaurant_id": "trattoria-roma", "reason": "accepted"}
        now = datetime.now(UTC)
        entry = Entry(f"order-{order}", f"event-{number}", "event", name, now, content)
        table.put_item(TableName=journal, Item=entry.item(now))
        yield number


def _megabytes(process: int) -> int:
    said = subprocess.run(["ps", "-o", "rss=", "-p", str(process)], capture_output=True, text=True, check=True)
    return int(said.stdout) // 1000


def _an_hour_on_aws(system: System) -> Iterator[tuple[str, str, str, str]]:
    """Count the requests of an hour of the map, and of one order that is open all the time."""
    rooms = [Room(name, ()) for name in neighbours_of(system)]
    following = system.journal.following(datetime.now(UTC))
    order_id = People(system).place()
    system.placed(order_id)
    looks = 3600 / watching.PAUSE_ON_AWS, 3600 / watching.STEADY_ON_AWS
    calls = _counted(system)
    following.new()
    feed = Counter(calls)
    calls.clear()
    depths(system, rooms)
    the_map = _times(feed, looks[0]) + _times(calls, looks[1])
    calls.clear()
    order_seen(system, order_id, search=False)
    an_order = _times(feed, looks[0]) + _times(calls, looks[1])
    for what, asked in (("the map", the_map), ("one order", an_order)):
        billed = {unit: Decimal(asked[service]) for service, unit in BILLED.items() if asked[service]}
        money = total(priced(Units(**billed), prices()))
        told = ", ".join(f"{number:,} of {service}" for service, number in sorted(asked.items()))
        yield f"an hour of {what} on AWS", "", f"{money:.4f} USD: {told}", ""


def _counted(system: System) -> Counter[str]:
    """Count all requests from now on, by service."""
    calls: Counter[str] = Counter()
    for service in ("cloudformation", "dynamodb", "events", "lambda", "sqs", "stepfunctions"):
        listened = system.target.client(service).meta.events
        listened.register("before-call", partial(_count, calls, service))
    return calls


def _count(calls: Counter[str], service: str, **_: object) -> None:
    calls[service] += 1


def _times(calls: Counter[str], looks: float) -> Counter[str]:
    return Counter({service: round(number * looks) for service, number in calls.items()})
