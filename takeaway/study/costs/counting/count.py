"""Walks an order each way through a deployed system, and tallies it."""

import os
import tempfile
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any, TypeVar
from uuid import uuid4

from moto import mock_aws
from pydantic import BaseModel

from takeaway.check.templates.resolved import Deployed
from takeaway.errors import Refused
from takeaway.facts import Way
from takeaway.run.client.people import People
from takeaway.study.costs.counting.account import Account
from takeaway.study.costs.counting.bus import Consumers
from takeaway.study.costs.counting.execution import Execution
from takeaway.study.costs.counting.functions import FUNCTION, Functions
from takeaway.study.costs.counting.gateway import Gateway, InMemory
from takeaway.study.costs.counting.issuer import in_memory
from takeaway.study.costs.counting.tables import Tables
from takeaway.study.costs.counting.tally import Counted, Tally, Walked
from takeaway.wiring import Wiring

T = TypeVar("T")
MACHINE = "AWS::StepFunctions::StateMachine"
PAGE = 20  # orders on the page that a restaurant looks at: the default of the API
NOBODY = {"AWS_ACCESS_KEY_ID": "nobody", "AWS_SECRET_ACCESS_KEY": "nobody", "AWS_DEFAULT_REGION": "us-east-1"}


class Asked(BaseModel):
    """What is to be counted: an order that goes each of the ways, in a system that is deployed by these templates."""

    wiring: Wiring
    ways: dict[str, Way]
    templates: dict[str, dict[str, Any]]
    order: dict[str, Any]
    task_token_characters: int


def count(asked: Asked) -> Counted:
    """Changes the environment of its process, and keeps clients in it: call it in one of its own."""
    os.environ.update(NOBODY)
    with mock_aws(), tempfile.TemporaryDirectory(prefix="takeaway-count-") as folder:
        return _count(asked, Path(folder))


def _count(asked: Asked, folder: Path) -> Counted:
    deployed = Deployed(asked.templates)
    functions = Functions(deployed)
    tables = Tables(deployed, functions)
    account = Account(functions, tables)
    consumers = Consumers(deployed, functions, account)
    environment = _environment(deployed)
    # One customer stands for all of them, who have not ordered lately: their allowances are full.
    os.environ.update({**environment, "SECONDS_PER_ORDER": "0"})
    system = InMemory(Gateway(deployed, functions), in_memory(environment["OIDC_ISSUER"], folder))
    people = People(system, asked.order, customer_id=str(uuid4()))  # as long as the subject of a Cognito user
    executions = [
        Execution(
            machine, deployed.definition(machine), functions, account, consumers, people, asked.task_token_characters
        )
        for machine in deployed.of(MACHINE)
    ]

    def walked(way: Way) -> Walked:
        with functions.counting() as tally:
            functions.failing = way.fails
            order_id = _tried(way, lambda: people.place(way.order))
            consumers.settle()
            if order_id and executions:
                states = [state for execution in executions for state in execution.run(order_id, way)]
            else:
                states = []
                for act in way.does.values():
                    if order_id:
                        _tried(way, partial(people.act, act.call, order_id))
                        consumers.settle()
            functions.failing = frozenset()
            return Walked(states=states, tally=tally)

    def read(look: Callable[[], object]) -> Tally:
        with functions.counting() as tally:
            look()
            return tally

    first, *_ = asked.ways.values()
    walked(first)  # reads the issuer's keys, and starts a counter for its customer
    lifetimes = tables.lifetimes()
    ways = {name: walked(way) for name, way in asked.ways.items()}
    for _ in range(PAGE - len(asked.ways)):
        order_id = people.place()
    return Counted(
        wiring=asked.wiring,
        ways=ways,
        reads={
            "view": read(lambda: people.view(order_id)),
            "list": read(lambda: system.api.list(token=people.restaurant)),
        },
        batches=list(consumers.batches()),
        lifetimes=lifetimes,
    )


def _tried(way: Way, call: Callable[[], T]) -> T | None:
    """What the API answers; None if it refuses because a function failed that the way says fails."""
    try:
        return call()
    except Refused:
        if way.fails:
            return None
        raise


def _environment(deployed: Deployed) -> Mapping[str, str]:
    """Of all functions at once: a variable means the same in each, but for what Powertools puts into log lines."""
    variables: dict[str, str] = {}
    for function in deployed.of(FUNCTION):
        variables |= function.properties.get("Environment", {}).get("Variables", {})
    return variables
