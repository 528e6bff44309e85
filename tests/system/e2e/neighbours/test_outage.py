"""Promotions is down: nobody notices, and nothing is lost."""

import pytest

from tests.fakes.people import eventually
from tests.system.e2e.neighbours.conftest import Neighbours

pytestmark = [pytest.mark.engine, pytest.mark.own_stage]
ORDERS = 20


def test_orders_are_completed_while_promotions_is_down_and_each_has_its_voucher_once_it_is_up(
    neighbours: Neighbours, figures: list[str]
) -> None:
    figures.append(f"{ORDERS} orders with promotions up:   {neighbours.latencies(neighbours.orders(ORDERS))}")
    neighbours.drained("promotions")
    before = neighbours.vouchers()

    assert neighbours.takeaway("outage", "promotions", "on", "--json")["outage"]
    orders = neighbours.orders(ORDERS)
    figures.append(f"{ORDERS} orders with promotions down: {neighbours.latencies(orders)}")
    eventually(lambda: neighbours.depth("promotions").waiting >= ORDERS, "their events wait")
    stands = neighbours.takeaway("outage", "promotions", "--json")
    assert stands == {"context": "promotions", "outage": True, "waiting": ORDERS, "in_flight": 0, "dead_letters": 0}
    assert neighbours.vouchers() == before

    assert not neighbours.takeaway("outage", "promotions", "off", "--json")["outage"]
    eventually(lambda: len(neighbours.vouchers()) >= len(before) + ORDERS, f"{ORDERS} vouchers")
    neighbours.drained("promotions")
    issued = {order_id: code for order_id, code in neighbours.vouchers().items() if order_id not in before}
    assert issued.keys() == set(orders)
    assert len(neighbours.mails_of([*issued.values()])) == ORDERS


def test_an_outage_can_be_begun_and_ended_twice(neighbours: Neighbours) -> None:
    for switch, told in (("on", "is out"), ("off", "is at work")):
        assert "✓ done" in neighbours.takeaway("outage", "analytics", switch)
        again = neighbours.takeaway("outage", "analytics", switch)
        assert "it was so already" in again
        assert told in again
