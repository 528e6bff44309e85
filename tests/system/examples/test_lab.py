"""A lab begins as its page says, whatever was before: another wiring, open orders, an outage, dead letters."""

from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import pytest

from takeaway.run.client import outputs
from takeaway.run.client.system import System
from takeaway.run.client.target import Target
from takeaway.run.engine.home import Home
from takeaway.wiring import Wiring
from tests.conftest import Engine
from tests.fakes import command_line
from tests.system.examples.conftest import deployed, somebody

pytestmark = [
    pytest.mark.engine,
    pytest.mark.teaching,
    pytest.mark.embedded("tables and rules of a stack that is deployed change"),
]
Takeaway = Callable[..., command_line.Done]


@pytest.fixture
def messy(engine: Engine, folder: Path) -> System:
    """Deploy the choreographed system with an unanswered order, another one on its way, and promotions down."""
    name = f"l{uuid4().hex[:6]}"
    target = Target(Home(folder / name), name, endpoint=engine.target.endpoint)
    system = deployed(engine, folder, Wiring.CHOREOGRAPHED, target=target)
    customer, restaurant = somebody(system)
    customer.places()
    restaurant.accepts(customer.places())
    system.subscription("promotions").switch(out=True)
    return system


def test_a_lab_begins_as_its_page_says_and_a_reset_brings_back_the_usual(messy: System) -> None:
    target = messy.target
    environment = command_line.nobodys_environment() | {
        "AWS_ENDPOINT_URL": str(target.endpoint),
        "TAKEAWAY_STAGE": target.stage,
        "TAKEAWAY_HOME": str(target.home.folder),
    }
    assert len(messy.orders.open_orders()) == 2
    for command, wiring, seconds in ((("start", "4"), Wiring.HYBRID, 5), (("reset",), Wiring.HYBRID, 600)):
        done = command_line.takeaway("lab", *command, "--keep", environment=environment)
        assert done.returncode == 0, done.stderr
        system = System(target)
        assert outputs.read(target).wiring is wiring
        assert target.deployed()["accept_timeout"] == seconds
        assert system.orders.open_orders() == []
        assert not system.subscription("promotions").is_out
        somebody(system)[0].places()
    refused = command_line.takeaway("lab", "start", "99", environment=environment)
    assert (refused.returncode, "docs/labs has 1, 2" in refused.stderr) == (2, True)
