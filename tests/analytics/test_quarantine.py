"""A release takes readable messages out of quarantine; the others stay, with their reason."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from contexts.analytics import zones
from contexts.analytics.folder_lake import FolderLake
from contexts.analytics.ingest import Message, ingest
from contexts.analytics.quarantine import Released, release
from contexts.analytics.report import build_report


def test_what_can_be_read_by_now_counts_and_what_cannot_stays(
    lake: FolderLake, event: Callable[..., dict[str, Any]]
) -> None:
    # stored by an older version of the function, which could not read this event
    readable = {
        "reason": "detail.data.total: missing",
        "message_id": "1",
        "body": json.dumps(event("order_placed", "a")),
    }
    lake.put(f"{zones.QUARANTINE}a.json", json.dumps(readable).encode())
    ingest([Message("2", "poison")], lake)
    assert release(lake) == Released(released=1, kept=1)
    assert release(lake) == Released(released=0, kept=1)
    assert build_report(lake).orders == 1
    (left,) = lake.names(zones.QUARANTINE)
    assert json.loads((lake.folder / left).read_text())["body"] == "poison"


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'"text"', b"\xff", b'{"body": "{}"}', b'{"message_id": "1"}'])
def test_an_object_that_is_no_message_stays_and_stops_no_other(
    lake: FolderLake, event: Callable[..., dict[str, Any]], content: bytes
) -> None:
    lake.put(f"{zones.QUARANTINE}a.json", content)
    readable = {"reason": "mended", "message_id": "1", "body": json.dumps(event("order_placed", "a"))}
    lake.put(f"{zones.QUARANTINE}b.json", json.dumps(readable).encode())
    assert release(lake) == Released(released=1, kept=1)
    assert list(lake.names(zones.QUARANTINE)) == [f"{zones.QUARANTINE}a.json"]


def test_a_batch_with_poison_unknown_fields_and_a_later_version_loses_nothing(
    lake: FolderLake, event: Callable[..., dict[str, Any]]
) -> None:
    later = event("order_completed", "a")
    later["detail"]["metadata"]["schema_version"] = 2
    later["detail"]["data"]["tip"] = {"amount": 100, "currency": "EUR"}
    bodies = [
        "{",
        json.dumps(event("order_placed", "a")),
        json.dumps(later),
        json.dumps({"detail-type": "order_placed"}),
    ]
    done = ingest([Message(str(number), body) for number, body in enumerate(bodies)], lake)
    assert ([each.message_id for each in done.quarantined], done.failed) == (["0", "3"], [])
    report = build_report(lake)
    assert (report.orders_by_status, report.revenue[0].amount) == ({"COMPLETED": 1}, 2150)
