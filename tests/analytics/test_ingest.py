"""The result of a batch: its objects, their names and content, and the messages that fail."""

import gzip
import json
from typing import Any

import pytest

from contexts.analytics import zones
from contexts.analytics.consumed_events import OrderEvent, UnreadableEvent, read
from contexts.analytics.ingest import Ingested, Message, Trouble, ingest
from shared import schema_tools
from tests.fakes.lake import FakeLake


def body(event_type: str = "order_placed", *, event_id: str = "event-1", at: str = "2026-11-23T12:00:00.000Z") -> str:
    event = schema_tools.example(event_type)
    event["detail"]["metadata"] |= {"event_id": event_id, "occurred_at": at}
    return json.dumps(event)


def messages(*bodies: str) -> list[Message]:
    return [Message(f"message-{number}", each) for number, each in enumerate(bodies, start=1)]


def lines(lake: FakeLake) -> dict[str, list[dict[str, Any]]]:
    return {
        name.rpartition("/")[0]: [json.loads(line) for line in gzip.decompress(content).decode().splitlines()]
        for name, content in lake.lines.items()
    }


def test_a_batch_becomes_one_object_per_event_type_and_day_it_happened_on() -> None:
    lake = FakeLake()
    batch = messages(
        body(event_id="a"),
        body(event_id="b"),
        body(event_id="c", at="2026-11-24T00:00:00.000Z"),
        body("order_accepted", event_id="d"),
    )
    assert ingest(batch, lake) == Ingested()
    assert {place: [line["event_id"] for line in found] for place, found in lines(lake).items()} == {
        "raw/event_type=order_placed/date=2026-11-23": ["a", "b"],
        "raw/event_type=order_placed/date=2026-11-24": ["c"],
        "raw/event_type=order_accepted/date=2026-11-23": ["d"],
    }
    assert all(name.endswith(".ndjson.gz") for name in lake.lines)


def test_a_line_is_flat_and_holds_what_the_report_needs() -> None:
    lake = FakeLake()
    ingest(messages(body("order_completed"), body("order_expired", event_id="event-2")), lake)
    found = lines(lake)
    completed = schema_tools.example("order_completed")["detail"]["data"]
    assert found["raw/event_type=order_completed/date=2026-11-23"] == [
        {
            "event_id": "event-1",
            "event_type": "order_completed",
            "occurred_at": "2026-11-23T12:00:00.000Z",
            "order_id": completed["order_id"],
            "restaurant_id": "trattoria-roma",
            "total": {"amount": 2150, "currency": "EUR"},
            "pieces": 3,
        }
    ]
    (expired,) = found["raw/event_type=order_expired/date=2026-11-23"]
    assert set(expired) == {"event_id", "event_type", "occurred_at", "order_id", "restaurant_id"}


def test_the_day_and_the_time_are_those_of_utc() -> None:
    lake = FakeLake()
    ingest(messages(body(at="2026-11-24T00:30:00.000+01:00")), lake)
    ((place, (line,)),) = lines(lake).items()
    assert (place, line["occurred_at"]) == (
        "raw/event_type=order_placed/date=2026-11-23",
        "2026-11-23T23:30:00.000Z",
    )


def test_a_batch_delivered_again_in_another_order_overwrites_its_objects_with_themselves() -> None:
    lake, batch = FakeLake(), messages(body(event_id="a"), body(event_id="b"), body(event_id="c"))
    ingest(batch, lake)
    before = dict(lake.objects)
    ingest(reversed(batch), lake)
    assert lake.objects == before
    assert len(lake.writes) == 4


def test_an_event_that_is_in_a_batch_twice_is_one_line() -> None:
    lake = FakeLake()
    assert ingest(messages(body(event_id="a"), body(event_id="a")), lake) == Ingested()
    assert [len(found) for found in lines(lake).values()] == [1]


def test_batches_of_other_events_never_share_a_name() -> None:
    lake = FakeLake()
    ingest(messages(body(event_id="a"), body(event_id="b")), lake)
    ingest(messages(body(event_id="a")), lake)
    ingest(messages(body(event_id="b")), lake)
    assert len(lake.lines) == 3


def test_a_message_that_cannot_be_read_is_in_quarantine_with_the_reason_and_hurts_no_other() -> None:
    lake = FakeLake()
    event = schema_tools.example("order_completed")
    event["detail"]["data"]["total"] = {"amount": "Giulia"}
    batch = messages(body(), "poison", json.dumps(event))
    wrong = "detail.data.total.amount: int_type, detail.data.total.currency: missing"
    troubles = [Trouble("message-2", "body: json_invalid"), Trouble("message-3", wrong)]
    assert ingest(batch, lake) == Ingested(quarantined=troubles)
    assert len(lake.lines) == 1
    kept = [json.loads(content) for name, content in lake.objects.items() if name.startswith("quarantine/")]
    assert [each["reason"] for each in kept] == [each.reason for each in troubles]
    assert [each["body"] for each in kept] == [each.body for each in batch[1:]]


def test_a_message_in_quarantine_that_is_delivered_again_is_there_once() -> None:
    lake = FakeLake()
    ingest(messages("poison", "venom"), lake)
    ingest(messages("venom", "poison"), lake)
    assert len(lake.objects) == 2


def test_a_message_that_even_quarantine_cannot_take_is_delivered_again() -> None:
    done = ingest(messages("poison", body()), FakeLake(refuses="quarantine/"))
    assert [each.message_id for each in done.failed] == ["message-1"]
    assert done.quarantined == []


@pytest.mark.parametrize("refuses", ["raw/", "new/"])
def test_an_object_without_its_marker_or_the_other_way_round_is_delivered_again(refuses: str) -> None:
    lake = FakeLake(refuses=refuses)
    assert [each.message_id for each in ingest(messages(body()), lake).failed] == ["message-1"]
    assert [name for name in lake.objects if name.startswith("new/")] == []
    lake.refuses = None
    assert ingest(messages(body()), lake) == Ingested()
    (raw,) = lake.lines
    assert f"new/{raw.removeprefix('raw/')}" in lake.objects


def test_what_the_lake_refuses_fails_and_the_rest_of_the_batch_is_stored() -> None:
    lake = FakeLake(refuses="event_type=order_placed")
    failures = ingest(messages(body(), body("order_expired", event_id="b"), body(event_id="c")), lake).failed
    assert [failure.message_id for failure in failures] == ["message-1", "message-3"]
    assert [failure.reason.startswith("lake unavailable: ") for failure in failures] == [True, True]
    assert list(lines(lake)) == ["raw/event_type=order_expired/date=2026-11-23"]


def test_a_type_of_event_that_is_yet_to_be_invented_is_kept() -> None:
    event = schema_tools.example("order_placed") | {"detail-type": "order_eaten"}
    lake = FakeLake()
    assert ingest(messages(json.dumps(event)), lake) == Ingested()
    assert list(lines(lake)) == ["raw/event_type=order_eaten/date=2026-11-23"]


@pytest.mark.parametrize("event_type", ["../../secrets", "order placed", "", "order_placed/date=1", "x" * 65])
def test_a_type_that_would_lead_elsewhere_is_refused(event_type: str) -> None:
    with pytest.raises(UnreadableEvent, match="detail-type"):
        read(json.dumps(schema_tools.example("order_placed") | {"detail-type": event_type}))


def with_total(amount: int) -> str:
    event = schema_tools.example("order_completed")
    event["detail"]["data"]["total"]["amount"] = amount
    return json.dumps(event)


@pytest.mark.parametrize(
    ("poison", "reason"),
    [
        (body(at="9999-12-31T23:59:59.000-01:00"), "detail.metadata.occurred_at: time_from_2000_to_2099"),
        (body(at="0001-01-01T00:00:00.000+02:00"), "detail.metadata.occurred_at: time_from_2000_to_2099"),
        (body(at="9999-12-31T23:59:59.999Z"), "detail.metadata.occurred_at: time_from_2000_to_2099"),
        (body(at="2026-12-31T23:59:60.000Z"), "detail.metadata.occurred_at: datetime_parsing"),
        (with_total(2**63), "detail.data.total.amount: less_than"),
        (with_total(10**400), "detail.data.total.amount: less_than"),
        (body(event_id="\ud800"), "body: json_invalid"),
        ("[" * 100_000, "body: json_invalid"),
        ("\ud800", "body: "),
    ],
)
def test_what_nothing_can_be_made_of_is_in_quarantine_and_the_rest_of_its_batch_in_the_lake(
    poison: str, reason: str
) -> None:
    lake = FakeLake()
    done = ingest(messages(body(event_id="a"), poison, body("order_expired", event_id="b")), lake)
    assert (done.failed, [each.message_id for each in done.quarantined]) == ([], ["message-2"])
    assert done.quarantined[0].reason.startswith(reason)
    assert len(lake.lines) == 2


def test_whatever_goes_wrong_with_a_message_goes_wrong_with_that_one_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    record = OrderEvent.record

    def fails_on_one(self: OrderEvent) -> dict[str, Any]:
        if self.detail.metadata.event_id == "b":
            raise ZeroDivisionError("Giulia")
        return record(self)

    monkeypatch.setattr(OrderEvent, "record", fails_on_one)
    lake = FakeLake()
    done = ingest(messages(body(event_id="a"), body(event_id="b"), body(event_id="c")), lake)
    assert (done.failed, done.quarantined) == ([], [Trouble("message-2", "body: ZeroDivisionError")])
    assert [line["event_id"] for found in lines(lake).values() for line in found] == ["a", "c"]


def test_the_latest_and_the_earliest_time_in_any_timezone_are_in_the_lake() -> None:
    lake = FakeLake()
    ends = [body(at="2099-12-31T23:00:00.000-00:59"), body(at="2000-01-01T13:59:59.000+13:59", event_id="b")]
    assert ingest(messages(*ends), lake) == Ingested()
    assert sorted(place.partition("date=")[2] for place in lines(lake)) == ["2000-01-01", "2099-12-31"]


@pytest.mark.parametrize("ids", [("a\nb",), ("a", "b")])
def test_an_object_is_named_by_all_that_it_says(ids: tuple[str, ...]) -> None:
    lake = FakeLake()
    ingest(messages(*(body(event_id=id_) for id_ in ids)), lake)
    (name,) = lake.lines
    ingest(messages(body(event_id="a"), body(event_id="a\nb")), lake)
    ingest(messages(*(body(event_id=id_, at="2026-11-23T12:00:00.001Z") for id_ in ids)), lake)
    assert len(lake.lines) == 3
    assert name in zones.ours(lake.lines)


def test_an_empty_batch_writes_nothing() -> None:
    lake = FakeLake()
    assert ingest([], lake) == Ingested()
    assert lake.writes == []


def test_a_line_stays_one_line_whatever_a_name_holds() -> None:
    event = schema_tools.example("order_placed")
    event["detail"]["data"]["restaurant_id"] = "寿司\u2028\u0085\n🍣"
    lake = FakeLake()
    ingest(messages(json.dumps(event)), lake)
    ((_, (line,)),) = lines(lake).items()
    assert line["restaurant_id"] == "寿司\u2028\u0085\n🍣"
