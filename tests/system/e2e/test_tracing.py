"""A trace continues where no function is: with an event over the bus, into the queue of each subscriber."""

import json
from uuid import uuid4

import pytest

from takeaway.run.client.system import System
from takeaway.run.engine.kinds import EngineKind
from tests.fakes.bus_queue import queue_for_rules
from tests.fakes.engines import engine_kind
from tests.fakes.people import eventually

pytestmark = pytest.mark.engine
TRACE = "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1"


def test_the_trace_header_of_an_event_arrives_on_the_queues_message(system: System) -> None:
    queues, events = system.target.client("sqs"), system.target.client("events")
    name = f"{system.target.prefix}-traced-{uuid4().hex[:6]}"
    url, arn = queue_for_rules(queues, name)
    source = f"traced.{uuid4().hex[:6]}"
    events.put_rule(Name=name, EventBusName=system.target.prefix, EventPattern=json.dumps({"source": [source]}))
    events.put_targets(Rule=name, EventBusName=system.target.prefix, Targets=[{"Id": "queue", "Arn": arn}])
    try:
        entry = {"Source": source, "DetailType": "traced", "Detail": "{}", "TraceHeader": TRACE}
        events.put_events(Entries=[{**entry, "EventBusName": system.target.prefix}])  # type: ignore[list-item]
        message = eventually(
            lambda: queues.receive_message(QueueUrl=url, MessageSystemAttributeNames=["All"]).get("Messages"),
            "delivered",
        )[0]
        if "AWSTraceHeader" not in message["Attributes"] and engine_kind() is not EngineKind.AWS:
            pytest.skip("this engine's bus drops the trace header of an event")
        assert message["Attributes"]["AWSTraceHeader"].startswith("Root=1-5759e988-bd862e3fe1be46a994272793")
    finally:
        events.remove_targets(Rule=name, EventBusName=system.target.prefix, Ids=["queue"])
        events.delete_rule(Name=name, EventBusName=system.target.prefix)
        queues.delete_queue(QueueUrl=url)
