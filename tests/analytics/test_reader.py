"""The lake as an operator sees it: its own objects, and no others that lie there."""

import gzip
import json
import logging
import tempfile
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import boto3
import pytest
from moto import mock_aws

from contexts.analytics.reader import LakeReader, reader
from contexts.analytics.report import build_report
from shared.reading import Trace
from tests.fakes import aws

DAY = date(2026, 11, 23)
PLACE = f"event_type=order_placed/date={DAY}"
LINE = {
    "event_id": "e", "event_type": "order_placed", "order_id": "o", "restaurant_id": "r",
    "occurred_at": "2026-11-23T12:00:00.000Z",
}  # fmt: skip
OBJECTS = {
    f"raw/{PLACE}/good.ndjson.gz": gzip.compress(json.dumps(LINE).encode()),
    f"new/{PLACE}/good.ndjson.gz": b"",
    f"raw/{PLACE}/truncated.ndjson.gz": gzip.compress(json.dumps(LINE).encode())[:-9],
    f"raw/{PLACE}/foreign.ndjson.gz": gzip.compress(b"{}"),
    f"raw/{PLACE}/notes.txt": b"nobody's",
    f"raw/{PLACE}/": b"",
    f"new/{PLACE}/of-nothing.ndjson.gz": b"",
    "new/": b"",
    "new/junk.txt": b"",
    "new/../../../escaped": b"",
    "curated/": b"",
}


@pytest.fixture
def lake(monkeypatch: pytest.MonkeyPatch) -> Iterator[LakeReader]:
    for name, value in (("DEFAULT_REGION", "us-east-1"), ("ACCESS_KEY_ID", "test"), ("SECRET_ACCESS_KEY", "test")):
        monkeypatch.setenv(f"AWS_{name}", value)
    monkeypatch.delenv("AWS_PROFILE", raising=False)
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with mock_aws():
        client = boto3.client("s3")
        client.create_bucket(Bucket="lake")
        for key, content in OBJECTS.items():
            client.put_object(Bucket="lake", Key=key, Body=content)
        yield reader(boto3.client, {"LakeBucket": "lake"}.__getitem__)


def test_lines_are_those_that_can_be_read_and_the_others_are_named(
    lake: LakeReader, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        assert [line.event_id for line in lake.lines([DAY])] == ["e"]
    assert sorted(record.getMessage().partition(" can't")[0] for record in caplog.records) == [
        f"raw/{PLACE}/foreign.ndjson.gz", f"raw/{PLACE}/truncated.ndjson.gz",
    ]  # fmt: skip
    assert all(record.getMessage().partition(": ")[2] for record in caplog.records)


def test_a_report_can_be_made_from_outside_and_no_name_leads_elsewhere(
    lake: LakeReader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    assert build_report(lake.as_lake()).events == 1
    assert not list(tmp_path.rglob("*"))


def test_what_is_told_of_an_order_are_its_lines_none_of_which_was_stored_before_its_event_happened(
    lake: LakeReader,
) -> None:
    """S3 has times of objects in whole seconds."""
    good = f"raw/{PLACE}/good.ndjson.gz"
    (line,) = lake.lines([DAY])
    told = Trace(line.stored_at, "keeps order_placed in the lake", place=good, heard="order_placed")
    assert lake.traces_of("o", [DAY]) == [told]
    late = {**LINE, "occurred_at": "2999-01-01T00:00:00.000Z"}
    lake.client.put_object(Bucket="lake", Key=good, Body=gzip.compress(json.dumps(late).encode()))
    (trace,) = lake.traces_of("o", [DAY])
    assert trace.at == datetime(2999, 1, 1, tzinfo=UTC)
    assert (lake.traces_of("another", [DAY]), lake.traces_of("o", [date(2026, 11, 22)])) == ([], [])


@pytest.mark.parametrize("others", [0, 3000])
def test_a_look_at_a_day_asks_for_nothing_of_other_days_however_much_there_is(lake: LakeReader, others: int) -> None:
    names = [f"raw/event_type=order_placed/date=2026-11-22/{number}.ndjson.gz" for number in range(others)]
    aws.filled("lake", names)
    with aws.counted(lake.client) as asked:
        assert len(lake.lines([DAY])) == 1
    assert Counter(asked) == {"ListObjectsV2": 2, "GetObject": 3}  # types, the day's names; the day's three objects
