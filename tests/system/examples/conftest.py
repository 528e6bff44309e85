"""The three examples, each deployed as `takeaway up --system` does it, in a stage and a state folder of its own."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from takeaway.run.client.system import System
from takeaway.run.client.target import Target
from takeaway.run.deploy.all_wirings import STAGE_LENGTH
from takeaway.run.deploy.parameters import Parameters
from takeaway.run.deploy.up import bring_up
from takeaway.run.engine.home import Home
from takeaway.wiring import Wiring
from tests.conftest import Engine, Silent
from tests.fakes.engines import is_embedded
from tests.fakes.people import Customer, Restaurant
from tests.system.faults.breaking import Plan, broken
from tests.system.faults.watching import Witness

ACCEPT_TIMEOUT = {Wiring.CHOREOGRAPHED: 1, Wiring.ORCHESTRATED: 8}
REACTS = ("notify_restaurant", "notify_user")
RETRY_WAITS = 0.05  # factor on the workflow's waits; only the embedded engine can shorten them


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("examples")


def deployed(engine: Engine, folder: Path, *systems: Wiring, target: Target | None = None) -> System:
    """Deploy these systems one over the other. Returns the last one."""
    # Not the stages that the console puts side by side: a state folder of its own has an issuer of its own.
    target = target or Target(
        Home(folder / systems[-1]), f"own{systems[-1]}"[:STAGE_LENGTH], endpoint=engine.target.endpoint
    )
    for system in systems:
        # where a sender is taken away from one, the others go on writing
        extra = {"sender": f"orders@{target.stage}.example.com"} if system is Wiring.DURABLE else {}
        seconds = ACCEPT_TIMEOUT.get(system, 8)
        parameters = Parameters(stage=target.stage, accept_timeout=seconds, system=system, extra=extra)
        bring_up(target, parameters, Silent())
    return System(target)


@pytest.fixture(scope="session")
def durable(engine: Engine, folder: Path) -> System:
    if not is_embedded():
        pytest.skip("on the embedded engine only: LocalStack's free edition has no durable functions")
    return deployed(engine, folder, Wiring.DURABLE)


@pytest.fixture(scope="session")
def choreographed(engine: Engine, folder: Path) -> System:
    return deployed(engine, folder, Wiring.CHOREOGRAPHED)


@pytest.fixture(scope="package")
def orchestrated(engine: Engine, folder: Path) -> Iterator[System]:
    """Deploy over the hybrid system, whose resources of the same names are taken over."""
    httpx.post(f"{engine.endpoint}/_ministack/config", json={"stepfunctions._SFN_WAIT_SCALE": RETRY_WAITS})
    yield deployed(engine, folder, Wiring.HYBRID, Wiring.ORCHESTRATED)
    httpx.post(f"{engine.endpoint}/_ministack/config", json={"stepfunctions._SFN_WAIT_SCALE": 1})


@pytest.fixture(scope="session")
def plan(choreographed: System) -> Plan:
    """Return the plan of faults in choreographed functions."""
    return broken(
        choreographed,
        steps=("place_order", "accept_order", *REACTS),
        packages=("contexts/orders", "examples/choreographed_orders"),
    )


@pytest.fixture(scope="session")
def bus_of_choreographed(choreographed: System) -> Witness:
    return Witness.of(choreographed)


@pytest.fixture(scope="package")
def bus_of_orchestrated(orchestrated: System) -> Witness:
    return Witness.of(orchestrated)


def somebody(system: System) -> tuple[Customer, Restaurant]:
    return Customer(system, f"customer-{uuid4().hex[:8]}"), Restaurant(system)
