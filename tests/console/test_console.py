"""The console's journal: each thing once, without personal data, and readable by order and by day."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest
from moto import mock_aws

from contexts.console import bootstrap
from contexts.console.handlers import record_activity as function
from contexts.console.journal import KEPT_FOR, PARTS_OF_A_DAY, Entry, Unreadable, entry_of
from contexts.console.reader import JournalReader, reader
from contexts.console.table import JournalTable, dynamodb
from shared import schema_tools
from tests.fakes import aws
from tests.fakes.lambda_context import FakeLambdaContext

SENT_AT = datetime(2026, 11, 23, 12, 0, 0, 250_000, tzinfo=UTC)
NOW = datetime(2026, 11, 23, 12, 0, 1, tzinfo=UTC)
PEOPLE = ("customer", "delivery_address", "note")


def message(order_id: str = "order-1", id_: str = "message-1") -> str:
    content = {
        "order_id": order_id,
        "restaurant_id": "trattoria-roma",
        "delivery_address": "Via Roma 1",
        "note": "Ring twice",
        "respond_within_seconds": 600,
    }
    return json.dumps({"Type": "Notification", "MessageId": id_, "Message": json.dumps(content)})


def event(event_type: str = "order_placed", **data: Any) -> str:
    example = schema_tools.example(event_type)
    example["detail"]["data"] |= data
    return json.dumps(example)


def sort_key(entry: Entry) -> str:
    return str(entry.item(NOW)["entry"]["S"])


@pytest.mark.parametrize("event_type", schema_tools.event_types("takeaway.orders"))
def test_every_event_of_orders_is_kept_without_people(event_type: str) -> None:
    detail = schema_tools.example(event_type)["detail"]
    entry = entry_of(event(event_type), SENT_AT)
    assert (entry.kind, entry.name, entry.order_id) == ("event", event_type, detail["data"]["order_id"])
    assert sort_key(entry) == f"{detail['metadata']['occurred_at']}#{detail['metadata']['event_id']}"
    assert entry.content == {name: value for name, value in detail["data"].items() if name not in PEOPLE}


def test_an_event_is_kept_with_what_caused_it_and_the_first_of_an_order_without() -> None:
    caused = json.loads(event("order_accepted"))
    caused["detail"]["metadata"]["causation_id"] = "event-1"
    assert entry_of(json.dumps(caused), SENT_AT).item(NOW)["caused_by"] == {"S": "event-1"}
    caused["detail"]["metadata"]["causation_id"] = None
    assert "caused_by" not in entry_of(json.dumps(caused), SENT_AT).item(NOW)


def test_a_message_to_a_restaurant_is_kept_without_people_at_the_time_it_was_sent() -> None:
    entry = entry_of(message(), SENT_AT)
    assert (entry.kind, entry.order_id, entry.id) == ("message", "order-1", "message-1")
    assert entry.at == SENT_AT
    assert entry.content["respond_within_seconds"] == 600
    assert not set(PEOPLE) & entry.content.keys()


@pytest.mark.parametrize("body", ["", "[]", "{}", "null", '{"detail-type": "x"}', '{"Message": "no json"}', "Anna"])
def test_what_is_neither_is_refused_without_quoting_it(body: str) -> None:
    with pytest.raises(Unreadable) as raised:
        entry_of(body, SENT_AT)
    assert "Anna" not in str(raised.value)


def at(occurred_at: str, **metadata: Any) -> str:
    example = schema_tools.example("order_placed")
    example["detail"]["metadata"] |= {"occurred_at": occurred_at, **metadata}
    return json.dumps(example)


BAD = [
    (at("9999-12-31T23:59:59.000-01:00"), "occurred_at"),
    (at("0001-01-01T00:00:00.000+02:00"), "occurred_at"),
    (at("2026-11-23T12:00:00.000"), "occurred_at"),
    (at("soon"), "ValueError"),
    (at("2026-11-23T12:00:00Z", causation_id=5), "causation_id"),
    (event(order_id=""), "order_id"),
    (event(order_id=5), "order_id"),
    (event(order_id="x" * 2049), "order_id"),
    (message(id_="ж" * 500), "MessageId"),
    (event(restaurant_id="\ud800"), "UnicodeEncodeError"),
    (event(restaurant_id=float("nan")), "NaN"),
    ('{"detail-type": ' + "[" * 100_000, "RecursionError"),
    ('{"Message": "5", "MessageId": "1"}', "TypeError"),
]


@pytest.mark.parametrize(("body", "told"), BAD)
def test_what_could_not_be_kept_or_not_be_read_again_is_refused_while_it_is_read(body: str, told: str) -> None:
    with pytest.raises(Unreadable, match=told):
        entry_of(body, SENT_AT)


def test_a_time_is_kept_in_utc_so_that_entries_sort_by_it() -> None:
    assert sort_key(entry_of(at("2026-11-23T13:00:00.250+01:00"), SENT_AT)).startswith("2026-11-23T12:00:00.250Z#")


@pytest.fixture
def table(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    monkeypatch.setenv("JOURNAL_TABLE", "journal")
    monkeypatch.delenv("AWS_PROFILE", raising=False)
    with mock_aws():
        key = [("order_id", "HASH"), ("entry", "RANGE")]
        day = [("day", "HASH"), ("recorded", "RANGE")]
        boto3.client("dynamodb").create_table(
            TableName="journal",
            KeySchema=[{"AttributeName": name, "KeyType": kind} for name, kind in key],  # type: ignore[misc]
            AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name, _ in key + day],
            GlobalSecondaryIndexes=[
                {
                    "IndexName": "by-day",
                    "KeySchema": [{"AttributeName": name, "KeyType": kind} for name, kind in day],
                    "Projection": {"ProjectionType": "ALL"},
                }  # type: ignore[list-item]
            ],
            BillingMode="PAY_PER_REQUEST",
        )
        bootstrap.journal.cache_clear()
        dynamodb.cache_clear()
        yield "journal"
        bootstrap.journal.cache_clear()
        dynamodb.cache_clear()


@pytest.fixture
def journal(table: str) -> JournalReader:
    return reader(boto3.client, {"JournalTable": table}.__getitem__)


def written() -> JournalTable:
    return bootstrap.journal()


def test_the_same_thing_delivered_again_is_recorded_once(journal: JournalReader) -> None:
    entry = entry_of(message(), SENT_AT)
    assert written().record(entry, NOW)
    assert not written().record(entry, NOW + timedelta(minutes=1))
    (read,) = journal.of_order("order-1")
    assert (read.id, read.at, read.recorded_at) == ("message-1", SENT_AT, NOW)


def test_entries_of_an_order_come_in_the_order_of_happening(journal: JournalReader) -> None:
    later, earlier = entry_of(message(id_="later"), SENT_AT + timedelta(seconds=1)), entry_of(message(), SENT_AT)
    written().record(later, NOW)
    written().record(earlier, NOW + timedelta(seconds=5))
    assert [entry.id for entry in journal.of_order("order-1")] == ["message-1", "later"]
    assert [entry.id for entry in journal.since(NOW, until=NOW)] == ["later", "message-1"]


def test_entries_since_yesterday_are_found_across_midnight(journal: JournalReader) -> None:
    midnight = datetime(2026, 11, 24, tzinfo=UTC)
    for number, at in enumerate([midnight - timedelta(hours=1), midnight + timedelta(hours=1)]):
        written().record(entry_of(message(id_=str(number)), at), at)
    found = journal.since(midnight - timedelta(hours=2), until=midnight + timedelta(hours=2))
    assert [entry.id for entry in found] == ["0", "1"]
    assert [entry.id for entry in journal.since(midnight, until=midnight + timedelta(hours=2))] == ["1"]


def test_a_busy_day_is_spread_over_keys_and_read_in_one_order(journal: JournalReader, table: str) -> None:
    for number in range(40):
        body = json.dumps(
            json.loads(message(id_=f"{number:02}")) | {"Message": json.dumps({"order_id": f"order-{number}"})}
        )
        written().record(entry_of(body, SENT_AT), NOW + timedelta(seconds=number))
    assert [entry.id for entry in journal.since(NOW)] == [f"{number:02}" for number in range(40)]
    items = boto3.client("dynamodb").scan(TableName=table)["Items"]
    assert {item["day"]["S"] for item in items} == {f"{NOW.date()}#{part}" for part in range(4)}


@pytest.mark.parametrize("number", [3, 40])
def test_the_newest_are_found_without_reading_those_before_them(journal: JournalReader, number: int) -> None:
    for each in range(number):
        body = json.loads(message(id_=f"{each:02}")) | {"Message": json.dumps({"order_id": f"order-{each}"})}
        written().record(entry_of(json.dumps(body), SENT_AT), NOW + timedelta(seconds=each))
    with aws.counted(journal.client) as asked:
        found = journal.since(NOW - timedelta(days=3), until=NOW + timedelta(hours=1), most=2)
    assert [entry.id for entry in found] == [f"{number - 2:02}", f"{number - 1:02}"]
    assert asked == ["Query"] * PARTS_OF_A_DAY  # the newest day alone, because two entries are enough
    with aws.counted(journal.client) as asked:
        journal.since(datetime(2000, 1, 1, tzinfo=UTC), until=NOW)
    assert len(asked) == PARTS_OF_A_DAY * (KEPT_FOR.days + 2)  # days whose entries have expired are not asked for


def test_following_a_quiet_journal_asks_for_the_last_hour_and_not_for_all_days_since_something_happened(
    journal: JournalReader,
) -> None:
    following = journal.following(datetime.now(UTC) - timedelta(days=20))
    following.new()
    with aws.counted(journal.client) as asked:
        following.new()
    assert len(asked) in (PARTS_OF_A_DAY, 2 * PARTS_OF_A_DAY)  # today, and yesterday for an hour


def test_following_tells_each_entry_once_also_one_that_comes_a_little_late(journal: JournalReader) -> None:
    now = datetime.now(UTC)
    following = journal.following(now - timedelta(minutes=1))
    written().record(entry_of(message(id_="first"), now), now)
    assert [entry.id for entry in following.new()] == ["first"]
    written().record(entry_of(message(id_="late"), now), now - timedelta(seconds=1))
    assert [entry.id for entry in following.new()] == ["late"]
    assert following.new() == []


def test_an_entry_is_forgotten_after_a_while(table: str) -> None:
    item = entry_of(message(), SENT_AT).item(NOW)
    assert int(item["expires_at"]["N"]) == int((NOW + KEPT_FOR).timestamp())


def record(id_: str, body: str) -> dict[str, Any]:
    sent = {"SentTimestamp": str(int(SENT_AT.timestamp() * 1000))}
    return {"messageId": id_, "body": body, "eventSource": "aws:sqs", "attributes": sent}


def test_the_function_records_what_it_can_read_and_reports_the_rest(journal: JournalReader) -> None:
    bad = [record(f"bad {number}", body) for number, body in enumerate(["{}", *(body for body, _ in BAD)])]
    batch = {"Records": [record("good", message()), *bad, record("event", event(order_id="order-1"))]}
    answered = function.handler(batch, FakeLambdaContext())  # type: ignore[arg-type]
    assert answered == {"batchItemFailures": [{"itemIdentifier": each["messageId"]} for each in bad]}
    assert {entry.name for entry in journal.of_order("order-1")} == {"message_to_restaurant", "order_placed"}


def test_the_function_says_which_setting_is_missing(table: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("JOURNAL_TABLE")
    with pytest.raises(ValueError, match="JOURNAL_TABLE: expected"):
        bootstrap.journal()
