"""The function against S3: objects in the bucket, failures reported, no personal data in lake or log."""

import gzip
import io
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from moto import mock_aws

from contexts.analytics import bootstrap, observability
from contexts.analytics.consumed_events import SOURCE
from contexts.analytics.handlers import compact_lake, write_report
from contexts.analytics.handlers import ingest_events as function
from contexts.analytics.lake import S3Lake
from contexts.analytics.ports import LakeUnavailable
from contexts.analytics.settings import lake_bucket
from shared import schema_tools
from tests.fakes import aws
from tests.fakes.lambda_context import FakeLambdaContext


@pytest.fixture(autouse=True)
def lake(monkeypatch: pytest.MonkeyPatch) -> Iterator[S3Lake]:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.setenv("POWERTOOLS_METRICS_NAMESPACE", "Takeaway/test")
    with mock_aws():
        client = aws.client("s3", "us-east-1")
        client.create_bucket(Bucket="lake")
        lake = S3Lake(client, "lake")
        monkeypatch.setattr(bootstrap, "lake", lambda: lake)
        yield lake


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    handler = observability.logger().registered_handler
    stream = io.StringIO()
    before = handler.setStream(stream)  # type: ignore[attr-defined]
    yield stream
    handler.setStream(before)  # type: ignore[attr-defined]


def call(*bodies: str) -> list[str]:
    records = [
        {"messageId": f"message-{number}", "body": body, "eventSource": "aws:sqs"}
        for number, body in enumerate(bodies, start=1)
    ]
    answer = function.handler({"Records": records}, FakeLambdaContext())
    return [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]


def stored(lake: S3Lake) -> dict[str, str]:
    found = lake.client.list_objects_v2(Bucket="lake", Prefix="raw/").get("Contents", [])
    return {
        each["Key"]: gzip.decompress(lake.client.get_object(Bucket="lake", Key=each["Key"])["Body"].read()).decode()
        for each in found
    }


def test_every_event_is_in_the_lake_once_however_often_its_batch_is_delivered(lake: S3Lake, log: io.StringIO) -> None:
    batch = [json.dumps(schema_tools.example(*each)) for each in schema_tools.events(SOURCE)]
    assert call(*batch) == []
    assert call(*batch) == []
    found = stored(lake)
    assert sorted(json.loads(line)["event_type"] for text in found.values() for line in text.splitlines()) == sorted(
        schema_tools.event_types(SOURCE)
    )


def test_no_personal_data_is_in_the_raw_zone_or_in_the_log(lake: S3Lake, log: io.StringIO) -> None:
    completed = schema_tools.example("order_completed")
    broken = schema_tools.example("order_completed")
    broken["detail"]["data"]["total"] = broken["detail"]["data"]["customer"]
    assert call(json.dumps(completed), json.dumps(broken)) == []
    everything = json.dumps(stored(lake)) + log.getvalue()
    assert completed["detail"]["data"]["order_id"] in everything
    for secret in ("Giulia", "Conti", "example.com", "customer-giulia"):
        assert secret not in everything


def test_a_message_in_quarantine_is_logged_and_counted_with_its_id_and_the_reason(
    lake: S3Lake, log: io.StringIO, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call("poison") == []
    (stored,) = lake.names("quarantine/")
    assert json.loads(lake.client.get_object(Bucket="lake", Key=stored)["Body"].read()) == {
        "reason": "body: json_invalid", "message_id": "message-1", "body": "poison",
    }  # fmt: skip
    (metric,) = (json.loads(line) for line in capsys.readouterr().out.splitlines() if "_aws" in line)
    assert (metric["EventsQuarantined"], metric["service"]) == ([1.0], "analytics")
    failed, summary = (json.loads(line) for line in log.getvalue().splitlines())
    assert (failed["level"], failed["message_id"], failed["reason"]) == (
        "ERROR",
        "message-1",
        "body: json_invalid",
    )
    assert (summary["messages"], summary["stored"]) == (1, 1)


def test_how_old_events_are_when_they_come_in_is_measured_unless_they_are_replayed(
    lake: S3Lake, log: io.StringIO, capsys: pytest.CaptureFixture[str]
) -> None:
    event = schema_tools.example("order_placed")
    event["detail"]["metadata"]["occurred_at"] = (datetime.now(UTC) - timedelta(minutes=10)).isoformat()
    assert call(json.dumps(event), json.dumps(event | {"replay-name": "after-the-outage"})) == []
    (metric,) = (json.loads(line) for line in capsys.readouterr().out.splitlines() if "_aws" in line)
    (lag,) = metric["IngestionLag"]
    assert timedelta(minutes=10) <= timedelta(milliseconds=lag) < timedelta(minutes=20)
    assert metric["_aws"]["CloudWatchMetrics"][0]["Metrics"] == [{"Name": "IngestionLag", "Unit": "Milliseconds"}]


def test_what_could_not_be_stored_has_not_come_in(
    lake: S3Lake, log: io.StringIO, capsys: pytest.CaptureFixture[str]
) -> None:
    lake.client.delete_bucket(Bucket="lake")
    call(json.dumps(schema_tools.example("order_placed")))
    assert "IngestionLag" not in capsys.readouterr().out


def test_a_bucket_that_is_gone_fails_the_messages_and_not_the_function(lake: S3Lake, log: io.StringIO) -> None:
    lake.client.delete_bucket(Bucket="lake")
    assert call(json.dumps(schema_tools.example("order_placed"))) == ["message-1"]
    assert "NoSuchBucket" in log.getvalue()
    with pytest.raises(LakeUnavailable, match=r"raw/x: .*NoSuchBucket"):
        lake.put("raw/x", b"")


@pytest.mark.parametrize("handler", [compact_lake, write_report])
def test_an_object_that_can_not_be_read_is_logged_and_counted_by_both_who_read_it(
    lake: S3Lake,
    log: io.StringIO,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    handler: Any,
) -> None:
    monkeypatch.setattr(compact_lake, "RESERVE_MILLISECONDS", 0)
    name = "event_type=order_placed/date=2026-11-23/x.ndjson.gz"
    lake.put(f"raw/{name}", b"no gzip")
    lake.put(f"new/{name}", b"")
    before = observability.logger().registered_handler.setStream(log)
    handler.handler({}, FakeLambdaContext())
    observability.logger().registered_handler.setStream(before)
    (metric,) = (json.loads(line) for line in capsys.readouterr().out.splitlines() if "_aws" in line)
    assert (metric["ObjectsUnreadable"], metric["service"]) == ([1.0], "analytics")
    failed, _ = (json.loads(line) for line in log.getvalue().splitlines())
    assert failed["level"] == "ERROR"
    assert failed["reason"].startswith(f"raw/{name}: ")


def test_a_missing_setting_is_named() -> None:
    with pytest.raises(ValueError, match="LAKE_BUCKET"):
        lake_bucket({})
