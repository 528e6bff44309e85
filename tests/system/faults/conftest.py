"""A system of its own, whose functions break on demand; its deadlines are seconds."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from takeaway.run.client.system import System
from takeaway.run.client.target import Target
from takeaway.run.deploy.parameters import Parameters
from takeaway.run.deploy.up import bring_up
from takeaway.run.engine.home import Home
from tests.conftest import Engine, Silent
from tests.fakes.engines import is_embedded
from tests.system.faults.breaking import Plan, broken, redelivered_soon
from tests.system.faults.watching import Witness

STAGE = "faults"
ACCEPT_TIMEOUT, DELIVERY_TIMEOUT = 10, 10
AT_ONCE = 8
RETRY_WAITS = 0.05  # factor on the workflow's waits; only the embedded engine can shorten them


@pytest.fixture(scope="session")
def faulty(engine: Engine, session_home: Home) -> System:
    if not is_embedded():
        pytest.skip("on the embedded engine only: on another one retries and redeliveries take as long as deployed")
    target = Target(session_home, STAGE, endpoint=engine.target.endpoint)
    parameters = Parameters(stage=STAGE, accept_timeout=ACCEPT_TIMEOUT, delivery_timeout=DELIVERY_TIMEOUT)
    bring_up(target, parameters, Silent())
    return System(target)


@pytest.fixture(scope="package")
def plan(faulty: System, engine: Engine) -> Iterator[Plan]:
    httpx.post(f"{engine.endpoint}/_ministack/config", json={"stepfunctions._SFN_WAIT_SCALE": RETRY_WAITS})
    redelivered_soon(faulty, "orders-closing")
    yield broken(faulty)
    httpx.post(f"{engine.endpoint}/_ministack/config", json={"stepfunctions._SFN_WAIT_SCALE": 1})


@pytest.fixture(scope="session")
def witness(faulty: System) -> Witness:
    return Witness.of(faulty)


@pytest.fixture(scope="session")
def at_once() -> Iterator[ThreadPoolExecutor]:
    """Return a pool in which several tests begin slow things at once; each test then checks its own."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        yield pool
        pool.shutdown(cancel_futures=True)


@pytest.fixture
def inhabited(faulty: System) -> System:
    return faulty
