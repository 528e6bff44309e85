"""Orders may publish more fields than before, and neighbours need not be told first."""

import pytest

from tests.fakes.people import eventually
from tests.system.e2e.neighbours.conftest import Neighbours
from tests.system.e2e.neighbours.staging import event, order_of, publish

pytestmark = [pytest.mark.engine, pytest.mark.own_stage]


def test_unknown_fields_and_a_later_version_that_only_adds_are_read_by_both(neighbours: Neighbours) -> None:
    unknown, later = event(tip={"amount": 200, "currency": "EUR"}), event(loyalty_level="gold", courier=None)
    for part in (unknown["detail"], unknown["detail"]["metadata"], unknown["detail"]["data"]["customer"]):
        part["added_later"] = [{"deep": True}]
    later["detail"]["metadata"] |= {"schema_version": 2, "trace_id": "1-2-3"}
    orders = {order_of(unknown), order_of(later)}
    publish(neighbours.system, [unknown, later])

    eventually(lambda: orders <= neighbours.vouchers().keys(), "a voucher for each")
    eventually(lambda: orders <= {line.order_id for line in neighbours.lines_of_today()}, "a line in the lake for each")
    for context in ("promotions", "analytics"):
        assert neighbours.takeaway("outage", context, "--json")["dead_letters"] == 0
    lake = neighbours.system.lake.bucket
    assert neighbours.system.target.client("s3").list_objects_v2(Bucket=lake, Prefix="quarantine/")["KeyCount"] == 0
