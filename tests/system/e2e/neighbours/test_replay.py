"""Replaying all events to one context at a time: no other receives them, and nothing counts twice."""

import pytest

from takeaway.run.cli.report import make_report
from tests.system.e2e.neighbours.conftest import Alone, Neighbours

pytestmark = [pytest.mark.engine, pytest.mark.own_stage]
CONTEXTS = ("promotions", "analytics")


def test_a_replay_of_everything_makes_no_second_voucher_no_second_email_and_no_double_count(
    caught_up: Neighbours, alone: Alone
) -> None:
    takeaway, system = caught_up.takeaway, caught_up.system
    for context in CONTEXTS:
        caught_up.drained(context)
    vouchers, report = caught_up.vouchers(), make_report(system)
    mails = caught_up.mails_of([*vouchers.values()])
    assert len(mails) == len(vouchers) >= len(alone.orders)
    completed = {line.order_id for line in caught_up.lines_of_today() if line.event_type == "order_completed"}
    archived = system.target.client("events").describe_archive(ArchiveName=system.target.prefix)["EventCount"]

    for context in CONTEXTS:
        takeaway("outage", context, "on")
    takeaway("replay", "--to", "promotions", "--from", alone.since)
    assert caught_up.depth("promotions").waiting >= len(completed)
    assert caught_up.depth("analytics").waiting == 0
    takeaway("replay", "--to", "analytics", "--from", alone.since)
    assert caught_up.depth("analytics").waiting == archived
    for context in CONTEXTS:
        takeaway("outage", context, "off")
        caught_up.drained(context)

    assert caught_up.vouchers() == vouchers
    assert caught_up.mails_of([*vouchers.values()]) == mails
    assert make_report(system) == report
