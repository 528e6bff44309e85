"""A system of its own, whose functions break on demand; its deadlines are seconds."""

from collections.abc import Iterator
from uuid import uuid4

import httpx
import pytest

from takeaway.client.system import System
from takeaway.client.target import Target
from takeaway.deploy.parameters import Parameters
from takeaway.deploy.up import bring_up
from takeaway.engine.home import Home
from tests.conftest import Engine, Silent
from tests.fakes.people import Customer, Restaurant
from tests.faults.breaking import Plan, Witness, broken

STAGE = "faults"
ACCEPT_TIMEOUT, DELIVERY_TIMEOUT = 10, 10


@pytest.fixture(scope="session")
def faulty(engine: Engine, session_home: Home) -> System:
    target = Target(session_home, STAGE, endpoint=engine.target.endpoint)
    parameters = Parameters(stage=STAGE, accept_timeout=ACCEPT_TIMEOUT, delivery_timeout=DELIVERY_TIMEOUT)
    bring_up(target, parameters, Silent())
    return System(target)


@pytest.fixture(scope="package")
def plan(faulty: System, engine: Engine) -> Iterator[Plan]:
    """Retries come a tenth of their time apart."""
    httpx.post(f"{engine.endpoint}/_ministack/config", json={"stepfunctions._SFN_WAIT_SCALE": 0.1})
    yield broken(faulty)
    httpx.post(f"{engine.endpoint}/_ministack/config", json={"stepfunctions._SFN_WAIT_SCALE": 1})


@pytest.fixture(scope="session")
def witness(faulty: System) -> Witness:
    return Witness.of(faulty)


@pytest.fixture
def customer(faulty: System) -> Customer:
    return Customer(faulty, f"customer-{uuid4().hex[:8]}")


@pytest.fixture
def restaurant(faulty: System) -> Restaurant:
    return Restaurant(faulty)
