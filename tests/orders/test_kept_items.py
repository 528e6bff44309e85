"""The table has orders of every age: each version reads the items of all before it, and they read its own.

`items/` has the items of each version, by the day of the change; add one whenever `to_item` writes something else. An
order is open for two hours, and a deployment is rolled back within minutes, so both directions happen in every
deployment.
"""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from contexts.orders.adapters.order_item import from_item, summary_from_item, to_item
from contexts.orders.domain.lifecycle import Decision, Status
from contexts.orders.domain.order import Order
from tests.fakes.items import paths, with_more
from tests.fakes.orders import NOON, draft

KEPT = {
    file.stem: json.loads(file.read_text(encoding="utf-8"))
    for file in sorted(Path(__file__).parent.glob("items/*.json"))
}
NEWEST = max(KEPT)
PLACED = draft(note="Ring twice").become(Status.PLACED, NOON).restaurant_notified(NOON)


def decided(decision: Decision, reason: str = "") -> Order:
    order = PLACED.decide(decision, reason=reason)
    assert isinstance(order, Order)
    return order


def delivered(order: Order) -> Order:
    done = order.deliver()
    assert isinstance(done, Order)
    return done


ACCEPTED = decided(Decision.ACCEPTED).become(Status.ACCEPTED, NOON)
ORDERS: dict[str, Order] = {
    "received": draft(note="Ring twice"),
    "placed": PLACED,
    "accepted": ACCEPTED,
    "completed": delivered(ACCEPTED).become(Status.COMPLETED, NOON),
    "rejected": decided(Decision.REJECTED, "Kitchen is closing").become(Status.REJECTED, NOON),
}
each_version = pytest.mark.parametrize("version", KEPT)
each_order = pytest.mark.parametrize("name", ORDERS)


@each_version
@each_order
def test_what_an_earlier_version_wrote_is_the_same_order_today(version: str, name: str) -> None:
    found = from_item(KEPT[version][name])
    assert replace(found, order_id=ORDERS[name].order_id) == ORDERS[name]
    assert summary_from_item(KEPT[version][name]).status is ORDERS[name].status


@each_order
def test_what_is_written_today_is_kept_for_the_versions_to_come(name: str) -> None:
    assert to_item(ORDERS[name]) == KEPT[NEWEST][name], "keep it as another file of tests/orders/items"


@each_version
@each_order
def test_what_every_earlier_version_reads_is_written_today(version: str, name: str) -> None:
    """Except the fingerprint of the request, which the adapter adds to a new item."""
    missing = set(paths(KEPT[version][name])) - set(paths(to_item(ORDERS[name])))
    assert missing <= {"request_hash.S"}


@each_order
def test_an_attribute_of_a_later_version_is_passed_over(name: str) -> None:
    """The map of changes has no attributes: each of its keys is a change."""
    item = {**with_more(KEPT[NEWEST][name]), "changes": KEPT[NEWEST][name]["changes"]}
    assert from_item(item) == ORDERS[name]
    assert summary_from_item(item) == ORDERS[name].summary
