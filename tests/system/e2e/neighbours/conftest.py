"""Fixtures for neighbours: orders alone, then with them; people who order many at once; an operator's commands."""

import json
import statistics
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from typer.testing import CliRunner

from takeaway.main import app
from takeaway.run.client.mails import Mail
from takeaway.run.client.queues import Depth
from takeaway.run.client.readers import Line
from takeaway.run.client.system import System
from takeaway.run.client.target import Target
from takeaway.run.engine.home import Home
from takeaway.waiting_shown import without_waits
from tests.conftest import Engine
from tests.fakes.people import Customer, Restaurant, eventually, lived
from tests.system.e2e.neighbours.staging import Stage

AT_ONCE = 4  # the number of functions that a small machine's engine runs at once
FIGURES = pytest.StashKey[list[str]]()
Takeaway = Callable[..., Any]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    for line in config.stash.get(FIGURES, []):
        terminalreporter.write_line(line)


@dataclass(frozen=True)
class Alone:
    """The orders that were placed while nobody but the console listened to orders."""

    since: str
    orders: Sequence[str]
    contexts: frozenset[str]


@dataclass(frozen=True)
class Neighbours:
    """A deployed stage, and the actions of people there."""

    system: System
    takeaway: Takeaway
    pool: ThreadPoolExecutor

    def orders(self, count: int) -> list[str]:
        """Bring that many orders to their end at once, each of a new customer. Returns their ids."""
        restaurant = Restaurant(self.system)

        def completed(_: int) -> str:
            return lived(Customer(self.system, f"customer-{uuid4().hex[:8]}"), restaurant)

        return list(self.pool.map(completed, range(count)))

    def latencies(self, orders: Sequence[str]) -> str:
        """Return how long the orders' workflows took, people included, as a line of text."""
        steps = [self.system.workflow.steps(order_id) for order_id in orders]
        seconds = sorted((each[-1].at - each[0].at).total_seconds() for each in steps)
        p95 = seconds[int(0.95 * (len(seconds) - 1))]
        return f"p50 {statistics.median(seconds):.2f} s, p95 {p95:.2f} s"

    def vouchers(self) -> dict[str, str]:
        """Return the code that each order has earned."""
        return {voucher.order_id: voucher.code for voucher in self.system.vouchers.all()}

    def mails_of(self, codes: Sequence[str]) -> list[Mail]:
        """Return the e-mails that contain one of these codes."""
        return self.system.mails.naming(*codes)

    def lines_of_today(self) -> list[Line]:
        return self.system.lake.lines([datetime.now(UTC).date()])

    def depth(self, context: str) -> Depth:
        return self.system.subscription(context).queue.depth()

    def drained(self, context: str) -> None:
        """Wait until the consumer's queue is empty."""
        eventually(lambda: self.depth(context) == Depth(0, 0), f"{context} has worked off its queue")


@pytest.fixture(scope="session")
def stage(engine: Engine, session_home: Home) -> Stage:
    name = f"n{uuid4().hex[:6]}"  # new in each run, because a shared engine may still have the last one
    home = Home(session_home.folder / name)
    home.folder.mkdir(parents=True)
    return Stage.prepared(Target(home, name, endpoint=engine.target.endpoint))


@pytest.fixture(scope="session")
def takeaway(stage: Stage) -> Takeaway:
    """Return a function that runs a command in this process, and returns its JSON or else its output."""

    def run(*arguments: str, code: int = 0) -> Any:
        environment = {
            "AWS_ENDPOINT_URL": stage.target.endpoint,
            "TAKEAWAY_STAGE": stage.target.stage,
            "TAKEAWAY_HOME": str(stage.target.home.folder),
        }
        done = CliRunner().invoke(app, [*arguments], env=environment)
        assert done.exit_code == code, f"{done.output} {done.exception!r}"
        return json.loads(done.stdout) if "--json" in arguments else without_waits(done.output) or str(done.exception)

    return run


@pytest.fixture(scope="session")
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(AT_ONCE) as pool:
        yield pool


@pytest.fixture(scope="session")
def alone(stage: Stage, takeaway: Takeaway, pool: ThreadPoolExecutor) -> Alone:
    """Complete orders before the neighbours are deployed; that also warms the functions up."""
    since = datetime.now(UTC).isoformat(timespec="seconds")
    system = stage.deploy("bus", "orders", "console")
    people = Neighbours(system, takeaway, pool)
    orders = [*people.orders(1), *people.orders(AT_ONCE)]  # the first one meets cold functions
    return Alone(since, orders, frozenset(system.stacks.by_context))


@pytest.fixture(scope="session")
def neighbours(stage: Stage, alone: Alone, takeaway: Takeaway, pool: ThreadPoolExecutor) -> Neighbours:
    return Neighbours(stage.deploy("promotions", "analytics"), takeaway, pool)


@pytest.fixture(scope="session")
def caught_up(replays: None, neighbours: Neighbours, alone: Alone) -> Neighbours:
    """Replay to both neighbours everything since the first order."""
    for context in ("promotions", "analytics"):
        neighbours.takeaway("replay", "--to", context, "--from", alone.since, "--json")
        neighbours.drained(context)
    return neighbours


@pytest.fixture
def figures(request: pytest.FixtureRequest) -> list[str]:
    """Return the list of lines that are shown at the end of the run: measured, and not asserted."""
    return request.config.stash.setdefault(FIGURES, [])
