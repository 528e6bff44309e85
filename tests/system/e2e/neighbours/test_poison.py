"""A message that promotions can't read fails alone, is reported, and is delivered again once the cause is mended."""

import io
import json
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from takeaway.run.client.system import System
from tests.fakes.people import eventually
from tests.system.e2e.neighbours.conftest import Neighbours
from tests.system.e2e.neighbours.staging import event, order_of, publish

pytestmark = [pytest.mark.engine, pytest.mark.own_stage]
STRICT, ALWAYS, UNLOADABLE = (Path(__file__).with_name(f"{name}.py") for name in ("strict", "always", "unloadable"))
REDELIVERY_SECONDS = 3  # instead of minutes, yet longer than a batch takes
GOOD, TRIES = 4, 5
IN_YEN = {"total": {"amount": 5_000, "currency": "JPY"}}


class Deployed:
    """The deployed code of promotions, to be broken and mended."""

    def __init__(self, system: System) -> None:
        self._functions = system.target.client("lambda")
        self.function = system.stacks.output("promotions", "FunctionName")
        found = self._functions.get_function(FunctionName=self.function)
        self._handler = found["Configuration"]["Handler"]
        # By this engine's endpoint, because the host in the URL can't be resolved without Internet.
        location = urlsplit(found["Code"]["Location"])._replace(netloc=urlsplit(str(system.target.endpoint)).netloc)
        self._code = httpx.get(location.geturl(), trust_env=False).raise_for_status().content

    def breaks(self, version: Path = STRICT) -> None:
        buffer = io.BytesIO(self._code)
        with zipfile.ZipFile(buffer, "a") as archive:
            archive.write(version, version.name)
        self._update(buffer.getvalue(), f"{version.stem}.handler")

    def is_mended(self) -> None:
        self._update(self._code, self._handler)

    def _update(self, code: bytes, handler: str) -> None:
        updated = self._functions.get_waiter("function_updated_v2")
        self._functions.update_function_code(FunctionName=self.function, ZipFile=code)
        updated.wait(FunctionName=self.function)
        self._functions.update_function_configuration(FunctionName=self.function, Handler=handler)
        updated.wait(FunctionName=self.function)


@contextmanager
def redelivered_soon(system: System) -> Iterator[None]:
    """Shorten the time until a failed message is delivered again; the number of tries stays."""
    queues, queue = system.target.client("sqs"), system.stacks.output("promotions", "QueueUrl")
    names = ["VisibilityTimeout"]
    before = queues.get_queue_attributes(QueueUrl=queue, AttributeNames=names)["Attributes"]
    queues.set_queue_attributes(QueueUrl=queue, Attributes={"VisibilityTimeout": str(REDELIVERY_SECONDS)})
    yield
    queues.set_queue_attributes(QueueUrl=queue, Attributes=before)


@pytest.fixture
def broken(logs: None, neighbours: Neighbours) -> Iterator[Deployed]:
    system, deployed = neighbours.system, Deployed(neighbours.system)
    with redelivered_soon(system):
        deployed.breaks()
        publish(system, [warm := event()])
        eventually(lambda: order_of(warm) in neighbours.vouchers(), "the broken function has started")
        yield deployed
        deployed.is_mended()


def undeliverable(system: System, made: dict[str, Any]) -> None:
    """Put an event into the dead-letter queue as EventBridge would; the embedded engine never does."""
    why = {"ERROR_CODE": "NO_PERMISSIONS", "ERROR_MESSAGE": "Lack of permissions", "RULE_ARN": "arn:aws:events:rule"}
    system.target.client("sqs").send_message(
        QueueUrl=system.stacks.output("promotions", "DeadLetterQueueUrl"),
        MessageBody=json.dumps(made),
        MessageAttributes={name: {"DataType": "String", "StringValue": value} for name, value in why.items()},
    )


def batches(system: System, function: str) -> list[set[str]]:
    """Return the orders and failed messages of each call of the function, read from its log."""
    calls: dict[str, set[str]] = {}
    for line in system.target.client("logs").filter_log_events(logGroupName=f"/aws/lambda/{function}")["events"]:
        if line["message"].startswith("{"):
            said = json.loads(line["message"])
            if "level" not in said:  # metrics
                continue
            named = said["message_id"] if said["level"] == "WARNING" else said.get("correlation_id")
            calls.setdefault(said["function_request_id"], set()).add(named)
    return list(calls.values())


def test_poison_is_given_up_after_its_tries_while_the_rest_of_its_batch_goes_through_and_is_redriven_once_mended(
    neighbours: Neighbours, broken: Deployed
) -> None:
    takeaway, system = neighbours.takeaway, neighbours.system
    good, poison, never_delivered = [event() for _ in range(GOOD)], event(**IN_YEN), event()
    takeaway("outage", "promotions", "on")
    publish(system, [*good[:2], poison, *good[2:]])
    eventually(lambda: neighbours.depth("promotions").waiting == GOOD + 1, "all of them wait")
    takeaway("outage", "promotions", "off")
    undeliverable(system, never_delivered)

    neighbours.drained("promotions")
    assert {order_of(each) for each in good} <= neighbours.vouchers().keys()
    letters = {json.loads(letter["body"])["detail"]["data"]["order_id"]: letter for letter in look(neighbours)}
    assert letters.keys() == {order_of(poison), order_of(never_delivered)}
    given_up = letters[order_of(poison)]
    assert given_up["received"] == TRIES + 1  # and one look
    assert given_up["reason"].startswith("ValidationError")
    assert "a total that is not in EUR" in given_up["reason"]
    assert letters[order_of(never_delivered)]["reason"].endswith("NO_PERMISSIONS: Lack of permissions")
    assert {given_up["message_id"], *map(order_of, good)} in batches(system, broken.function)
    told = takeaway("dlq", "promotions")
    assert "a total that is not in EUR" in told
    assert poison["detail"]["data"]["customer"]["email"] not in told

    broken.is_mended()
    assert takeaway("redrive", "promotions", "--json") == {"context": "promotions", "moved": 2, "left": 0}
    late = {order_of(poison), order_of(never_delivered)}
    eventually(lambda: late <= neighbours.vouchers().keys(), "vouchers for what was given up")
    assert takeaway("redrive", "promotions", "--json") == {"context": "promotions", "moved": 0, "left": 0}
    assert "No dead letters of promotions" in takeaway("dlq", "promotions")


def look(neighbours: Neighbours) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = neighbours.takeaway("dlq", "promotions", "--json")
    return found
