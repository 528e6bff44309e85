"""One system deployed over another that runs: in place, remembered, and not while an order is open."""

import pytest

from takeaway.errors import TakeawayError
from takeaway.run.client import outputs
from takeaway.run.client.system import System
from takeaway.run.deploy.parameters import Parameters
from takeaway.run.deploy.up import bring_up
from takeaway.wiring import Wiring
from tests.conftest import Silent
from tests.system.examples.conftest import ACCEPT_TIMEOUT, somebody

pytestmark = [pytest.mark.engine, pytest.mark.teaching]


def test_the_next_deployment_keeps_the_system_and_changes_nothing(orchestrated: System) -> None:
    same = Parameters(stage=orchestrated.target.stage, accept_timeout=ACCEPT_TIMEOUT[Wiring.ORCHESTRATED])
    again = bring_up(orchestrated.target, same, Silent())
    assert (again.changed, again.stacks.wiring) == (False, Wiring.ORCHESTRATED)


def test_another_system_is_refused_while_an_order_is_open(orchestrated: System) -> None:
    customer, _ = somebody(orchestrated)
    order_id = customer.places()
    with pytest.raises(TakeawayError, match=f"open orders .*{order_id}"):
        bring_up(
            orchestrated.target,
            Parameters(stage=orchestrated.target.stage, system=Wiring.CHOREOGRAPHED),
            Silent(),
        )
    assert outputs.read(orchestrated.target).wiring is Wiring.ORCHESTRATED
    customer.waits_for(order_id, "EXPIRED")
