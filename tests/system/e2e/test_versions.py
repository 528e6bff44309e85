"""The engine delivers the versions of an event as the deployed rules say."""

import json
from typing import Any
from uuid import uuid4

import pytest

from shared import schema_tools
from takeaway.run.client.system import System
from tests.fakes.bus_queue import queue_for_rules
from tests.fakes.people import eventually

pytestmark = pytest.mark.engine
NEIGHBOURS = ("promotions", "analytics", "console")


def test_what_breaks_readers_reaches_only_those_who_ask_for_it_and_what_only_adds_reaches_all(system: System) -> None:
    events, queues = system.target.client("events"), system.target.client("sqs")
    bus = f"versions-{uuid4().hex[:8]}"  # a bus of its own, so that nobody else gets these events
    events.create_event_bus(Name=bus)

    def listen(name: str, pattern: str) -> str:
        url, arn = queue_for_rules(queues, f"{bus}-{name}")
        events.put_rule(Name=name, EventBusName=bus, EventPattern=pattern)
        events.put_targets(Rule=name, EventBusName=bus, Targets=[{"Id": name, "Arn": arn}])
        return url

    def deployed(context: str) -> str:
        rule = events.describe_rule(Name=system.stacks.output(context, "RuleName"), EventBusName=system.target.prefix)
        return str(rule["EventPattern"])

    urls = {name: listen(name, deployed(name)) for name in NEIGHBOURS}
    urls["second"] = listen("second", json.dumps({"detail": {"metadata": {"breaks": [1]}}}))
    urls["moving"] = listen("moving", json.dumps({"source": ["takeaway.orders"]}))
    put(system, bus, {"schema_version": 1}, {"schema_version": 2, "breaks": 1}, {"schema_version": 3})
    delivered: dict[str, list[int]] = {name: [] for name in urls}

    def all_there() -> bool:
        for name, url in urls.items():
            for message in queues.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", ()):
                delivered[name].append(json.loads(message["Body"])["detail"]["metadata"]["schema_version"])
                queues.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        return sum(map(len, delivered.values())) >= 2 * len(NEIGHBOURS) + 1 + 3

    eventually(all_there, "what was put onto the bus")
    assert {name: sorted(versions) for name, versions in delivered.items()} == {
        **{name: [1, 3] for name in NEIGHBOURS}, "second": [2], "moving": [1, 2, 3],
    }  # fmt: skip


def put(system: System, bus: str, *versions: dict[str, int]) -> None:
    def entry(version: dict[str, int]) -> dict[str, Any]:
        event = schema_tools.example("order_completed")
        event["detail"]["metadata"] |= version
        return {"EventBusName": bus, "Source": event["source"], "DetailType": event["detail-type"],
                "Detail": json.dumps(event["detail"])}  # fmt: skip

    answer = system.target.client("events").put_events(Entries=[entry(version) for version in versions])
    assert answer["FailedEntryCount"] == 0
