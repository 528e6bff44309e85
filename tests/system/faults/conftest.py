"""Systems whose functions break on demand; their deadlines are seconds.

The hybrid, and the one whose workflow is a durable function: what one promises on a bad day the other does as well.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from takeaway.run.client.system import System
from takeaway.run.client.target import Target
from takeaway.run.deploy.parameters import Parameters
from takeaway.run.deploy.up import bring_up
from takeaway.run.engine.home import Home
from takeaway.wiring import Wiring
from tests.conftest import Engine, Silent
from tests.fakes.engines import is_embedded
from tests.system.faults.breaking import Plan, broken, redelivered_soon
from tests.system.faults.watching import Witness

STAGES = {Wiring.HYBRID: "faults", Wiring.DURABLE: "durablefault"}
ACCEPT_TIMEOUT, DELIVERY_TIMEOUT = 10, 10
AT_ONCE = 8
RETRIES = 3
RETRY_WAITS = 0.05  # factor on the workflow's waits; only the embedded engine can shorten them


@pytest.fixture(
    scope="session", params=[Wiring.HYBRID, pytest.param(Wiring.DURABLE, marks=pytest.mark.teaching)], ids=str
)
def faulty(engine: Engine, session_home: Home, request: pytest.FixtureRequest) -> System:
    if not is_embedded():
        pytest.skip("on the embedded engine only: on another one retries and redeliveries take as long as deployed")
    wiring: Wiring = request.param
    target = Target(session_home, STAGES[wiring], endpoint=engine.target.endpoint)
    parameters = Parameters(
        stage=target.stage,
        accept_timeout=ACCEPT_TIMEOUT,
        delivery_timeout=DELIVERY_TIMEOUT,
        system=wiring,
        # the pauses of a function's steps are those of the clock
        extra={"mostRetries": str(RETRIES)} if wiring is Wiring.DURABLE else {},
    )
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
