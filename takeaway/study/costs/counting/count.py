"""Walk an order each way through a system in memory, and count its units."""

import os
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, TypeVar
from uuid import uuid4

from moto import mock_aws

from takeaway.check.templates.resolved import Deployed
from takeaway.check.templates.stack import FUNCTION, STATE_MACHINE
from takeaway.errors import Refused
from takeaway.facts import Way
from takeaway.run.client.people import People
from takeaway.study.costs.counting.account import Account
from takeaway.study.costs.counting.bus import Consumers
from takeaway.study.costs.counting.door import InMemory
from takeaway.study.costs.counting.durable import DurableExecution
from takeaway.study.costs.counting.execution import Execution
from takeaway.study.costs.counting.tables import Tables
from takeaway.study.costs.counting.tally import Counted, Meter, Tally, Walked

T = TypeVar("T")
PAGE = 20  # orders on a page of the list, the API's default
NOBODY = {"AWS_ACCESS_KEY_ID": "nobody", "AWS_SECRET_ACCESS_KEY": "nobody", "AWS_DEFAULT_REGION": "us-east-1"}


@dataclass(frozen=True)
class Asked:
    """A question for the counting: an order, the ways that it goes, and the resources of the system."""

    ways: Mapping[str, Way]
    deployed: Deployed
    order: Mapping[str, Any]
    task_token_characters: int


def count(asked: Asked) -> Counted:
    """Count the order. Call it in a process of its own, because it changes environment variables and clients."""
    os.environ.update(NOBODY)
    with mock_aws(), tempfile.TemporaryDirectory(prefix="takeaway-count-") as folder:
        return _count(asked, Path(folder))


def told(asked: Asked) -> Counted | str:
    """Count the order, or return the error as text, because not every exception can be sent to another process."""
    try:
        return count(asked)
    except Exception as error:  # noqa: BLE001 - a function may raise anything
        return f"{type(error).__name__}: {error}"


def _count(asked: Asked, folder: Path) -> Counted:
    deployed, meter = asked.deployed, Meter()
    for function in deployed.of(
        FUNCTION
    ):  # one environment for all: a variable has the same meaning in each function, except in Powertools' logs
        os.environ.update(function.properties.get("Environment", {}).get("Variables", {}))
    # The same customer places all orders, so the limit of orders per customer is switched off.
    os.environ["SECONDS_PER_ORDER"] = "0"
    tables = Tables(deployed, meter)
    account = Account(deployed, meter, tables)
    consumers = Consumers(account)
    system = InMemory(account, os.environ["OIDC_ISSUER"], os.environ["OIDC_AUDIENCE"], folder)
    # The customer's id is as long as a Cognito user's, because its size is billed.
    people = People(system, asked.order, customer_id=str(uuid4()))
    length = asked.task_token_characters
    executions: list[Execution | DurableExecution] = [
        Execution(machine, deployed.definition(machine), account, consumers, people, length)
        for machine in deployed.of(STATE_MACHINE)
    ]
    executions += [
        DurableExecution(function, account, consumers, people, length)
        for function in deployed.of(FUNCTION)
        if "DurableConfig" in function.properties
    ]

    def walked(way: Way) -> Walked:
        with meter.counting() as tally:
            account.failing, states = way.fails, []
            order_id = _tried(way, lambda: people.place(way.order))
            consumers.settle()
            if order_id and executions:
                states = [state for execution in executions for state in execution.run(order_id, way)]
            elif order_id:
                for act in way.does.values():
                    _tried(way, partial(people.act, act.call, order_id))
                    consumers.settle()
            account.failing = frozenset()
            return Walked(states, tally)

    def read(look: Callable[[], object]) -> Tally:
        with meter.counting() as tally:
            look()
            return tally

    first, *_ = asked.ways.values()
    walked(first)  # once uncounted, because the first order reads the issuer's keys and makes the customer's counter
    lifetimes = tables.lifetimes()
    ways = {name: walked(way) for name, way in asked.ways.items()}
    for _ in range(PAGE - len(asked.ways)):
        order_id = people.place()
    reads = {
        "view": read(lambda: people.view(order_id)),
        "list": read(lambda: system.api.list(token=people.restaurant)),
    }
    return Counted(ways, reads, list(consumers.batches()), lifetimes)


def _tried(way: Way, call: Callable[[], T]) -> T | None:
    """Make a call; None if it is refused because of a function that has to fail on this way."""
    try:
        return call()
    except Refused:
        if way.fails:
            return None
        raise
