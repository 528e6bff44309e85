"""The bus of the tests: an event that violates its schema fails the test that has put it there."""

import json
from pathlib import Path
from typing import Any

import pytest
from moto import mock_aws

from contexts.orders.published_events import Event
from shared import schema_tools
from takeaway.paths import REPOSITORY
from takeaway.run.client.target import Target
from takeaway.run.engine.home import Home
from tests.fakes.bus import CheckedBus, breach
from tests.fakes.bus_queue import BusQueue
from tests.fakes.orders import RecordingEvents


def test_only_the_adapter_of_orders_puts_events() -> None:
    """A second place would get around the bus of these tests."""
    sources = [*(REPOSITORY / "contexts").rglob("*.py"), *(REPOSITORY / "contexts").rglob("*.asl.json")]
    found = [path.name for path in sources if "put_events" in (text := path.read_text("utf-8")) or "putEvents" in text]
    assert found == ["eventbridge_events.py"]


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda detail: detail["data"].update(task_token="AQC"), "data.task_token: is not in the schema"),
        (lambda detail: detail["data"]["total"].update(amount=19.5), "data.total.amount: 19.5 is not"),
        (lambda detail: detail["data"].pop("items"), "data.items: is missing"),
        (
            lambda detail: detail["metadata"].update(schema_version=9),
            "order_placed, version 9, is published and has no",
        ),
    ],
)
def test_an_event_that_breaks_its_schema_fails_the_test_that_published_it(spoil: Any, said: str) -> None:
    detail = schema_tools.example("order_placed")["detail"]
    spoil(detail)
    with pytest.raises(pytest.fail.Exception) as failed:
        RecordingEvents().publish([Event("order_placed", detail)])
    assert said in str(failed.value)


def test_not_even_a_function_that_catches_everything_hides_a_broken_contract() -> None:
    assert not issubclass(pytest.fail.Exception, Exception)
    entry = {"Source": "takeaway.orders", "DetailType": "order_eaten", "Detail": "{}"}
    with pytest.raises(pytest.fail.Exception, match=r"order_eaten, version None, is published and has no schema"):
        CheckedBus().put_events([entry])


def test_events_of_another_source_are_nobodys() -> None:
    assert "no folder shared/schemas/takeaway.promotions" in breach("takeaway.promotions", "voucher_issued", "{}")


def test_what_a_deployed_system_publishes_is_held_against_its_schema_as_well(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_DEFAULT_REGION"):
        monkeypatch.setenv(name, "eu-west-1" if name.endswith("REGION") else "test")
    monkeypatch.delenv("AWS_PROFILE", raising=False)
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with mock_aws():
        target = Target(Home(tmp_path), "test")
        bus = target.client("events")
        bus.create_event_bus(Name=target.prefix)
        queue = BusQueue.of(target, "contract")
        entry = {"EventBusName": target.prefix, "Source": "takeaway.orders", "DetailType": "order_placed"}
        for change in ({}, {"task_token": "AQC"}):
            detail = schema_tools.example("order_placed")["detail"]
            detail["data"] |= change
            bus.put_events(Entries=[{**entry, "Detail": json.dumps(detail)}])
        received = queue.received()
        assert next(received)["detail-type"] == "order_placed"
        with pytest.raises(pytest.fail.Exception, match=r"data\.task_token: is not in the schema"):
            next(received)
