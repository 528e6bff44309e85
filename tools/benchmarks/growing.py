"""Measure commands that look at a system with 20, 1,000 and 10,000 orders of one day, on the embedded engine.

One order is really completed. The others are copies of its traces under other ids, written into the tables and the
lake (an object for each event, with its marker), without e-mails and executions. `status` shows a command's base time.
"""

import gzip
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from itertools import product
from resource import RUSAGE_CHILDREN, getrusage
from statistics import median
from typing import Any

from contexts.analytics import zones
from contexts.analytics.compaction import compact
from takeaway.paths import EXAMPLES
from takeaway.run.cli.output import steps
from takeaway.run.client.system import System
from takeaway.run.demo.performance import STAGE, own_system
from takeaway.run.deploy.parameters import Parameters

SIZES = (20, 1_000, 10_000)
ROUNDS, AT_ONCE, ITEMS_AT_ONCE = 3, 8, 25
GOALS = {"journey": "≤ 1.5 s", "report": "≤ 3 s"}
BEFORE = {("journey", 1_000): "7.0 s of 1,100", ("report", 1_000): "14 s of 1,100"}


def rows(sizes: tuple[int, ...] = SIZES) -> Iterator[tuple[str, str, str, str]]:
    with ExitStack() as left:
        with steps("starting an engine") as progress:
            system = left.enter_context(own_system(Parameters(stage=STAGE), progress, {}))
        order_id = _completed(system)
        looks = {name: [name] for name in ("status", "report", "events", "vouchers")} | {
            "journey": ["journey", order_id]
        }
        for before, size in zip((1, *sizes), sizes, strict=False):
            fill(system, order_id, range(before, size))
            for name, look in looks.items():
                now = _seconds(system, *look)
                yield f"{name}, {size:,} orders", BEFORE.get((name, size), ""), now, GOALS.get(name, "")
            compact(system.lake.as_lake())
            yield f"report, {size:,} orders, compacted", "", _seconds(system, "report"), GOALS["report"]


def fill(system: System, order_id: str, numbers: range) -> None:
    """Copy the order's traces once for each number."""
    customer, lake, aws = system.kept(order_id).customer_id, system.lake.as_lake(), system.target.client("dynamodb")
    days = {entry.at.date() for entry in system.journal.of_order(order_id)}
    lines = {line: _record(system, line) for line in system.lake.lines(days) if line.order_id == order_id}

    def renamed(text: str, number: int) -> str:
        return text.replace(order_id, f"{order_id[:-8]}{number:08}").replace(customer, f"{customer}-{number}")

    def put(table: str, item: str, some: range) -> None:
        made = [{"PutRequest": {"Item": json.loads(renamed(item, number))}} for number in some]
        aws.batch_write_item(RequestItems={table: made})

    def store(line: Any, number: int) -> None:
        name = line.object.replace(".ndjson.gz", f"-{number}.ndjson.gz")
        said = renamed(lines[line].replace(line.event_id, f"{line.event_id}-{number}"), number)
        lake.put(name, gzip.compress(said.encode()))
        lake.put(zones.marker(name), b"")

    parts = [numbers[start : start + ITEMS_AT_ONCE] for start in range(0, len(numbers), ITEMS_AT_ONCE)]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for table in (system.orders.table, system.journal.table, system.vouchers.table):
            asked = {"KeyConditionExpression": "order_id = :id", "ExpressionAttributeValues": {":id": {"S": order_id}}}
            items = [json.dumps(item) for item in aws.query(TableName=table, **asked)["Items"]]
            list(pool.map(lambda pair, table=table: put(table, *pair), product(items, parts)))
        list(pool.map(lambda pair: store(*pair), product(lines, numbers)))


def _record(system: System, line: Any) -> str:
    """Read a line from its object in the lake."""
    content = system.lake.client.get_object(Bucket=system.lake.bucket, Key=line.object)["Body"].read()
    said = gzip.decompress(content).decode().splitlines()
    return next(each for each in said if line.event_id in each) + "\n"


def _completed(system: System) -> str:
    order_id = _run(system, "order", str(EXAMPLES / "01-lunch-for-two.json")).strip()
    for awaited, then in (("Await restaurant decision", "accept"), ("Await completion", "complete")):
        _run(system, "journey", order_id, "--until", awaited)
        _run(system, then, order_id)
    wanted = ("ends", "issues voucher", "keeps order_completed")
    _run(system, "journey", order_id, "--lake", *(each for what in wanted for each in ("--until", what)))
    return order_id


def _run(system: System, *command: str) -> str:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    home = {"TAKEAWAY_HOME": str(system.target.home.folder)}
    asked = [sys.executable, "-m", "takeaway", *command]
    return subprocess.run(asked, check=True, text=True, stdout=subprocess.PIPE, env=environment | home).stdout


def _seconds(system: System, *command: str) -> str:
    """Measure a command: seconds, and CPU seconds, which alone can be compared on a busy machine."""
    taken, used = [], []
    for _ in range(ROUNDS):
        begun, before = time.monotonic(), getrusage(RUSAGE_CHILDREN)
        _run(system, *command)
        after = getrusage(RUSAGE_CHILDREN)
        taken.append(time.monotonic() - begun)
        used.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return f"{median(taken):.2f} s, CPU {median(used):.2f} s"
