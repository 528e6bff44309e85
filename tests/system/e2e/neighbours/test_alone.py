"""Orders needs no listener, and a neighbour that comes later has missed nothing."""

import pytest

from takeaway.run.client.system import System
from tests.fakes.people import eventually
from tests.system.e2e.neighbours.conftest import Alone, Neighbours
from tests.system.e2e.neighbours.staging import Stage

pytestmark = [pytest.mark.engine, pytest.mark.own_stage]
ARTICLE = ["order_placed", "restaurant_notified", "order_accepted", "user_notified", "order_completed"]


def test_orders_runs_to_its_end_with_neither_neighbour_deployed(alone: Alone, stage: Stage) -> None:
    assert alone.contexts == {"bus", "orders", "console"}
    system = System(stage.target)
    for order_id in alone.orders:
        assert [step.name for step in system.workflow.steps(order_id)][-2:] == ["Complete order", "ExecutionSucceeded"]
        eventually(
            lambda order_id=order_id: (
                [e.name for e in system.journal.of_order(order_id) if e.kind == "event"] == ARTICLE
            ),
            f"the events of {order_id}",
        )


def test_a_neighbour_that_comes_later_has_missed_nothing(caught_up: Neighbours, alone: Alone) -> None:
    eventually(lambda: set(alone.orders) <= caught_up.vouchers().keys(), "a voucher for each order before its time")
    lines = {line.order_id for line in caught_up.lines_of_today() if line.event_type == "order_completed"}
    assert set(alone.orders) <= lines
