"""The lake on a real engine, as the functions of analytics fill, compact and report it."""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from typer.testing import CliRunner

from contexts.analytics import zones
from contexts.analytics.generator import generate
from shared import schema_tools
from takeaway.errors import TakeawayError, UsageError
from takeaway.main import app
from takeaway.run.cli.report import make_report
from takeaway.run.client.system import System
from tests.fakes.people import eventually

pytestmark = pytest.mark.engine
POISONS = 2
ONLY_GENERATED = "the-golden-cod"  # a restaurant that no other test orders from


def call(system: System, output: str) -> dict[str, Any]:
    answer = system.target.client("lambda").invoke(
        FunctionName=system.stacks.output("analytics", output), Payload=b"{}"
    )
    said: dict[str, Any] = json.loads(answer["Payload"].read())
    assert "FunctionError" not in answer, said
    return said


def objects(system: System, prefix: str) -> list[str]:
    found = system.target.client("s3").list_objects_v2(Bucket=system.lake.bucket, Prefix=prefix)
    return [each["Key"] for each in found.get("Contents", ())]


def send(system: System, *bodies: str) -> None:
    queue = system.stacks.output("analytics", "QueueUrl")
    entries = [{"Id": str(number), "MessageBody": body} for number, body in enumerate(bodies)]
    assert not system.target.client("sqs").send_message_batch(QueueUrl=queue, Entries=entries).get("Failed")


def test_a_report_is_the_same_before_and_after_compaction_and_when_everything_comes_again(
    system: System, tmp_path: Path
) -> None:
    generate(tmp_path, orders=300, days=2, seed=11)
    truth = json.loads((tmp_path / "truth.json").read_text())["restaurants"][ONLY_GENERATED]

    def found() -> dict[str, int]:
        (figures,) = (each for each in make_report(system).restaurants if each.restaurant_id == ONLY_GENERATED)
        assert {each.currency: each.amount for each in figures.revenue} == truth["revenue"]
        return figures.orders_by_status

    system.lake.add(tmp_path)
    assert found() == truth["orders_by_status"]
    assert call(system, "CompactFunctionName")["events_added"] >= truth["orders"]
    assert found() == truth["orders_by_status"]
    system.lake.add(tmp_path)
    assert found() == truth["orders_by_status"]
    call(system, "CompactFunctionName")
    assert found() == truth["orders_by_status"]


def test_the_report_is_written_into_the_lake_as_json_and_as_a_page(system: System) -> None:
    order = str(uuid4())
    event = schema_tools.example("order_placed")
    event["detail"]["metadata"]["event_id"] = event["detail"]["data"]["order_id"] = order
    send(system, json.dumps(event))
    eventually(lambda: make_report(system).orders, "an order in the lake")
    call(system, "CompactFunctionName")
    assert call(system, "ReportFunctionName")["orders"] >= 1
    assert objects(system, "reports/") == ["reports/report.html", "reports/report.json"]


def test_poison_goes_to_quarantine_and_what_came_with_it_into_the_lake(system: System) -> None:
    event = schema_tools.example("order_placed")
    event["detail"]["metadata"]["event_id"] = event["detail"]["data"]["order_id"] = order = str(uuid4())
    event["detail"]["metadata"]["schema_version"] = 2
    event["detail"]["data"]["added_later"] = True
    event["detail"]["data"]["restaurant_id"] = restaurant = f"restaurant-{order}"
    never = schema_tools.example("order_completed")
    never["detail"]["metadata"] |= {"event_id": str(uuid4()), "occurred_at": "9999-12-31T23:59:59.000-01:00"}
    before = set(objects(system, "quarantine/"))
    send(system, f"poison {order}", json.dumps(never), json.dumps(event))
    eventually(
        lambda: len(set(objects(system, "quarantine/")) - before) == POISONS, "both poisons, and no more, in quarantine"
    )
    eventually(
        lambda: any(each.restaurant_id == restaurant for each in make_report(system).restaurants), "the good event"
    )
    assert call(system, "ReleaseFunctionName")["kept"] >= POISONS
    assert system.subscription("analytics").dead_letters.depth().waiting == 0


@pytest.fixture
def strays(system: System) -> Iterator[str]:
    """Put a console's "create folder", foreign files and a truncated raw object into the lake."""
    place = "event_type=order_placed/date=2026-01-02"
    spoilt = f"raw/{place}/spoilt.ndjson.gz"
    put = {f"{zone}/": b"" for zone in ("raw", "new", "curated", "quarantine")}
    put |= {"new/junk.txt": b"junk", "curated/copy.parquet": b"junk", "quarantine/junk": b"junk"}
    put |= {spoilt: gzip.compress(b"{}")[:-9], f"new/{place}/spoilt.ndjson.gz": b""}
    s3, bucket = system.target.client("s3"), system.lake.bucket
    for key, content in put.items():
        s3.put_object(Bucket=bucket, Key=key, Body=content)
    yield spoilt
    for key in put:
        s3.delete_object(Bucket=bucket, Key=key)


def test_strays_and_a_spoilt_object_stop_neither_compaction_nor_report_nor_release_and_the_object_is_named(
    system: System, strays: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    event = schema_tools.example("order_placed")
    event["detail"]["metadata"]["event_id"] = event["detail"]["data"]["order_id"] = order = str(uuid4())
    event["detail"]["data"]["restaurant_id"] = restaurant = f"restaurant-{order}"
    send(system, json.dumps(event))
    eventually(lambda: any(each.restaurant_id == restaurant for each in make_report(system).restaurants), "the event")
    done = call(system, "CompactFunctionName")
    assert done["days"] >= 1
    assert [each.partition(": ")[0] for each in done["unreadable"]] == [strays]
    day = event["detail"]["metadata"]["occurred_at"][:10]
    assert zones.curated_object(day) in objects(system, "curated/")
    assert call(system, "ReportFunctionName")["orders"] >= 1
    call(system, "ReleaseFunctionName")
    made = make_report(system)
    assert any(each.restaurant_id == restaurant for each in made.restaurants)
    assert made.unreadable == done["unreadable"]
    monkeypatch.setenv("AWS_ENDPOINT_URL", str(system.target.endpoint))
    monkeypatch.setenv("TAKEAWAY_STAGE", system.target.stage)
    monkeypatch.setenv("TAKEAWAY_HOME", str(system.target.home.folder))
    said = CliRunner().invoke(app, ["compact"])
    assert isinstance(said.exception, TakeawayError)
    assert strays in str(said.exception)
    refused = CliRunner().invoke(app, ["generate", "--orders", "1", "--days", "1"])
    assert isinstance(refused.exception, UsageError)
    assert "--lake FOLDER" in str(refused.exception)


def test_athena_is_told_of_the_curated_zone_where_there_is_a_catalogue(system: System) -> None:
    if not system.target.traits.glue:
        pytest.skip("this engine has no Glue")
    database = f"{system.target.prefix}-analytics".replace("-", "_")
    for name, zone in (("events", zones.CURATED), ("aggregates", zones.AGGREGATES)):
        table = system.target.client("glue").get_table(DatabaseName=database, Name=name)["Table"]
        assert table["StorageDescriptor"]["Location"] == f"s3://{system.lake.bucket}/{zone}"
