"""The lake on a real engine: what the functions of analytics make of it when they are called."""

import json
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from contexts.analytics.generator import generate
from shared import schemas
from takeaway.cli.reporting import make_report
from takeaway.client.system import System
from tests.fakes.people import eventually

pytestmark = pytest.mark.engine
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


def send(system: System, body: str) -> None:
    queue = system.stacks.output("analytics", "QueueUrl")
    system.target.client("sqs").send_message(QueueUrl=queue, MessageBody=body)


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
    event = schemas.example("order_placed")
    event["detail"]["metadata"]["event_id"] = event["detail"]["data"]["order_id"] = order
    send(system, json.dumps(event))
    eventually(lambda: make_report(system).orders, "an order in the lake")
    call(system, "CompactFunctionName")
    assert call(system, "ReportFunctionName")["orders"] >= 1
    assert objects(system, "reports/") == ["reports/report.html", "reports/report.json"]


def test_poison_goes_to_quarantine_and_what_came_with_it_into_the_lake(system: System) -> None:
    event = schemas.example("order_placed")
    event["detail"]["metadata"]["event_id"] = event["detail"]["data"]["order_id"] = order = str(uuid4())
    event["detail"]["metadata"]["schema_version"] = 2
    event["detail"]["data"]["added_later"] = True
    event["detail"]["data"]["restaurant_id"] = restaurant = f"restaurant-{order}"
    before = set(objects(system, "quarantine/"))
    send(system, f"poison {order}")
    send(system, json.dumps(event))
    eventually(lambda: set(objects(system, "quarantine/")) - before, "the poison in quarantine")
    eventually(
        lambda: any(each.restaurant_id == restaurant for each in make_report(system).restaurants), "the good event"
    )
    assert call(system, "ReleaseFunctionName")["kept"] >= 1


def test_athena_is_told_of_the_curated_zone_where_there_is_a_catalogue(system: System) -> None:
    if not system.target.traits.glue:
        pytest.skip("this engine has no Glue")
    database = f"{system.target.prefix}-analytics".replace("-", "_")
    table = system.target.client("glue").get_table(DatabaseName=database, Name="events")["Table"]
    assert table["StorageDescriptor"]["Location"] == f"s3://{system.lake.bucket}/curated/"
