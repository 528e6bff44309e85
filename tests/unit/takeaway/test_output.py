"""What commands print for programs."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from takeaway.cli.output import lasted, print_json, print_json_line
from takeaway.client.journal import Entry
from takeaway.client.journey import Moment
from takeaway.client.vouchers import Voucher
from takeaway.demo.expectations import Evidence

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
SHOWN = [
    Evidence(status="COMPLETED", events=("order_placed",), lake=frozenset({"order_placed", "order_completed"})),
    Moment(NOON, "bus", "order_placed", since_previous=timedelta(milliseconds=1500)),
    Entry("order-1", "id", "event", "order_placed", NOON, NOON, {"note": "“さくら”"}),
    Voucher("order-1", "anna", "K7QF", 215, "EUR", NOON, NOON, None),
]


@pytest.mark.parametrize("value", SHOWN, ids=lambda value: type(value).__name__)
def test_whatever_a_command_shows_can_be_shown_as_json(value: object, capsys: pytest.CaptureFixture[str]) -> None:
    print_json({"listed": [value]})
    (read,) = json.loads(capsys.readouterr().out)["listed"]
    assert read.keys() == vars(value).keys()


def test_times_are_rfc_3339_spans_are_seconds_and_sets_are_in_order(capsys: pytest.CaptureFixture[str]) -> None:
    print_json(SHOWN[:2])
    evidence, moment = json.loads(capsys.readouterr().out)
    assert evidence["lake"] == ["order_completed", "order_placed"]
    assert (moment["at"], moment["since_previous"]) == ("2026-11-23T12:00:00+00:00", 1.5)


def test_an_entry_is_one_line_in_its_own_script(capsys: pytest.CaptureFixture[str]) -> None:
    print_json_line(SHOWN[2])
    assert capsys.readouterr().out.count("\n") == 1
    print_json_line(SHOWN[2])
    assert "さくら" in capsys.readouterr().out


def test_a_short_time_is_told_in_milliseconds() -> None:
    assert (lasted(timedelta(milliseconds=12)), lasted(timedelta(seconds=1.25))) == ("12 ms", "1.2 s")
