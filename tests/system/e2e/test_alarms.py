"""Alarms ring where the engine can show it, name their runbook, and the runbooks' commands can be typed."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from typer.testing import CliRunner

from takeaway.main import app
from takeaway.run.client.system import System
from takeaway.run.engine.kinds import EngineKind
from tests.fakes.people import Customer, eventually
from tests.fakes.runbooks import said_under, takeaway_commands

pytestmark = pytest.mark.engine
CONTEXTS = ("orders", "promotions", "analytics", "console")
MONITORED = "cloudwatch"


@pytest.fixture(scope="module")
def cloudwatch(system: System) -> Any:
    if system.target.traits.kind is not EngineKind.MINISTACK:
        pytest.skip("only there may anybody put metrics of AWS's own namespaces, and are they evaluated at once")
    return system.target.client(MONITORED)


def alarms(system: System, context: str) -> dict[str, dict[str, Any]]:
    prefix = f"{system.target.prefix}-{context}-"
    pages = system.target.client(MONITORED).get_paginator("describe_alarms").paginate(AlarmNamePrefix=prefix)
    return {alarm["AlarmName"].removeprefix(prefix): alarm for page in pages for alarm in page["MetricAlarms"]}


@pytest.fixture
def told(system: System) -> Iterator[dict[str, dict[str, Any]]]:
    """Yield the messages of promotions' alarm topic by alarm, read from a queue that subscribes to it."""
    queues, topics = system.target.client("sqs"), system.target.client("sns")
    url = queues.create_queue(QueueName=f"{system.target.prefix}-on-duty-{uuid4().hex[:8]}")["QueueUrl"]
    queue = queues.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    anybody = {"Effect": "Allow", "Principal": "*", "Action": "sqs:SendMessage", "Resource": queue}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [anybody]})
    queues.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})
    [topic] = {action for alarm in alarms(system, "promotions").values() for action in alarm["AlarmActions"]}
    subscribed = topics.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=queue, ReturnSubscriptionArn=True)
    yield Told(queues, url)
    topics.unsubscribe(SubscriptionArn=subscribed["SubscriptionArn"])
    queues.delete_queue(QueueUrl=url)


class Told(dict[str, dict[str, Any]]):
    def __init__(self, queues: Any, url: str) -> None:
        super().__init__()
        self._queues, self._url = queues, url

    def listen(self) -> "Told":
        for message in self._queues.receive_message(QueueUrl=self._url, MaxNumberOfMessages=10).get("Messages", []):
            said = json.loads(json.loads(message["Body"])["Message"])
            self[said["AlarmName"]] = said
            self._queues.delete_message(QueueUrl=self._url, ReceiptHandle=message["ReceiptHandle"])
        return self


def put(cloudwatch: Any, alarm: dict[str, Any], value: float) -> None:
    cloudwatch.put_metric_data(
        Namespace=alarm["Namespace"],
        MetricData=[
            {
                "MetricName": alarm["MetricName"],
                "Dimensions": alarm["Dimensions"],
                "Timestamp": datetime.now(UTC),
                "Value": value,
            }
        ],
    )


def test_a_function_that_fails_rings_and_whoever_is_on_duty_is_told_where_to_read_on(
    system: System, cloudwatch: Any, told: Told
) -> None:
    function = system.stacks.output("promotions", "FunctionName")
    answer = system.target.client("lambda").invoke(FunctionName=function, Payload=b'"no batch"')
    assert answer["FunctionError"]
    # The engine evaluates its alarms whenever any metric is put.
    cloudwatch.put_metric_data(Namespace="Looking", MetricData=[{"MetricName": "Looked", "Value": 1}])
    name = f"{system.target.prefix}-promotions-issue-voucher-errors"
    said = eventually(lambda: told.listen().get(name), f"{name} tells its topic")
    assert said["NewStateValue"] == "ALARM"
    assert said["AlarmDescription"].endswith("Runbook: docs/runbooks/promotions.md#function-errors")


@pytest.mark.parametrize("context", CONTEXTS)
def test_every_alarm_rings_at_its_threshold(system: System, cloudwatch: Any, context: str) -> None:
    """The test puts the metric; on AWS it comes from the service, or from the log."""
    for name, alarm in alarms(system, context).items():
        below = alarm["ComparisonOperator"] == "LessThanThreshold"
        if alarm["TreatMissingData"] == "breaching":
            continue  # it rings without data, which this engine does not check
        put(cloudwatch, alarm, alarm["Threshold"] / 2 if below else alarm["Threshold"])
        state = alarms(system, context)[name]["StateValue"]
        assert state == "ALARM", name


def test_a_dashboard_of_each_context_is_there(system: System, cloudwatch: Any) -> None:
    for context in CONTEXTS[:3]:
        body = cloudwatch.get_dashboard(DashboardName=f"{system.target.prefix}-{context}")["DashboardBody"]
        assert f":alarm:{system.target.prefix}-{context}-" in body


def test_the_commands_of_the_runbooks_do_what_they_are_there_for(
    system: System, customer: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    order_id = customer.places()
    known = {"ORDER_ID": order_id, "CUSTOMER_ID": customer.id}
    # test_open_orders.py types these, over a deployment that did go wrong
    elsewhere = [words[1:] for words in said_under("orders", "A deployment went wrong while orders are open")]
    assert len(elsewhere) > 2
    monkeypatch.setenv("AWS_ENDPOINT_URL", str(system.target.endpoint))
    monkeypatch.setenv("TAKEAWAY_STAGE", system.target.stage)
    monkeypatch.setenv("TAKEAWAY_HOME", str(system.target.home.folder))
    commands = [
        words
        for words in dict.fromkeys(tuple(words) for _, words in takeaway_commands())
        if (system.target.traits.replays or words[0] != "replay") and list(words) not in elsewhere
    ]
    try:
        for command in commands:
            done = CliRunner().invoke(app, [known.get(word, word) for word in command])
            assert (done.exit_code, done.exception) == (0, None), f"{command}: {done.output}"
    finally:  # each command was run once, so an outage may have been ended before it was begun
        for context in {command[1] for command in commands if command[0] == "outage"}:
            CliRunner().invoke(app, ["outage", context, "off"])
