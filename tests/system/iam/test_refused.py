"""Actions that no role allows, tried with the deployed roles on an engine that checks their policies."""

import json
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from boto3 import Session
from botocore.exceptions import ClientError

from takeaway.run.client.system import System
from tests.conftest import Engine
from tests.fakes.bus_queue import queue_for_rules
from tests.fakes.people import Customer, eventually
from tests.system.iam.scenarios import FUNCTIONS

pytestmark = pytest.mark.engine
REFUSED = {"AccessDenied", "AccessDeniedException"}
PUBLISHES = {name for name in FUNCTIONS if name.startswith("orders-")} - {"orders-api"}
As = Callable[[str, str], Any]  # a function and a service: a client of it


@pytest.fixture(scope="module")
def acting_as(enforced: System, engine: Engine) -> As:
    """Return a function that makes a client acting under the role of a deployed function.

    On AWS only Lambda can assume that role; on this engine the account's root can.
    """
    session, prefix = engine.session, enforced.target.prefix

    def assumed(name: str, service: str) -> Any:
        role = session.client("lambda").get_function_configuration(FunctionName=f"{prefix}-{name}")["Role"]
        given = session.client("sts").assume_role(RoleArn=role, RoleSessionName="test")["Credentials"]
        acting = Session(
            aws_access_key_id=given["AccessKeyId"],
            aws_secret_access_key=given["SecretAccessKey"],
            aws_session_token=given["SessionToken"],
            region_name=engine.target.credentials["AWS_REGION"],
        )
        return acting.client(service, endpoint_url=engine.endpoint)  # type: ignore[call-overload]

    return assumed


def refused(call: Callable[..., Any], **arguments: Any) -> bool:
    try:
        call(**arguments)
    except ClientError as error:
        if error.response["Error"]["Code"] not in REFUSED:
            raise
        return True
    return False


def test_promotions_reads_its_own_tables_and_not_that_of_orders(enforced: System, acting_as: As) -> None:
    orders, vouchers = (
        enforced.stacks.output(*each) for each in (("orders", "OrdersTable"), ("promotions", "VouchersTable"))
    )
    client, key = acting_as("promotions-issue-voucher", "dynamodb"), {"order_id": {"S": "any"}}
    assert not refused(client.get_item, TableName=vouchers, Key=key)
    assert refused(client.get_item, TableName=orders, Key=key)
    assert refused(client.scan, TableName=orders)
    assert refused(client.delete_item, TableName=orders, Key=key)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_nobody_but_the_steps_of_orders_puts_events_and_they_only_as_orders(
    enforced: System, acting_as: As, name: str
) -> None:
    client, bus = acting_as(name, "events"), enforced.stacks.output("bus", "BusName")

    def may_not_put(*sources: str) -> bool:
        # A type that nobody listens to, and that orders does not publish.
        entry = {"EventBusName": bus, "DetailType": "tried", "Detail": "{}"}
        return refused(client.put_events, Entries=[{**entry, "Source": source} for source in sources])

    assert may_not_put("takeaway.promotions")
    assert may_not_put("takeaway.orders", "takeaway.promotions")
    if name not in PUBLISHES:
        assert may_not_put("takeaway.orders")


def test_analytics_writes_into_its_zones_and_nowhere_else(enforced: System, acting_as: As, engine: Engine) -> None:
    client, lake, other = acting_as("analytics-ingest-events", "s3"), enforced.lake.bucket, f"o-{uuid4().hex}"
    engine.session.client("s3").create_bucket(Bucket=other)
    assert not refused(client.put_object, Bucket=lake, Key="raw/tried", Body=b"")
    for bucket, name in ((lake, "reports/tried"), (lake, "tried"), (other, "raw/tried")):
        assert refused(client.put_object, Bucket=bucket, Key=name, Body=b"")


def test_a_rule_delivers_only_to_a_queue_that_lets_it_in(enforced: System, engine: Engine) -> None:
    events, queues = engine.session.client("events"), engine.session.client("sqs")
    name = f"closed-{uuid4().hex[:8]}"
    opened, arn = queue_for_rules(queues, f"{name}-not")
    closed = queues.create_queue(QueueName=name)["QueueUrl"]
    events.create_event_bus(Name=name)
    events.put_rule(Name=name, EventBusName=name, EventPattern='{"source": ["test"]}')
    targets = [{"Id": "closed", "Arn": arn.removesuffix("-not")}, {"Id": "open", "Arn": arn}]
    events.put_targets(Rule=name, EventBusName=name, Targets=targets)
    events.put_events(Entries=[{"EventBusName": name, "Source": "test", "DetailType": "happened", "Detail": "{}"}])
    eventually(lambda: queues.receive_message(QueueUrl=opened).get("Messages"), "what the open queue gets")
    assert "Messages" not in queues.receive_message(QueueUrl=closed)


def test_the_api_calls_its_function_only_where_that_lets_it_in(enforced: System, engine: Engine) -> None:
    functions, customer = engine.session.client("lambda"), Customer(enforced, "anna")
    name = f"{enforced.target.prefix}-orders-api"
    statements = json.loads(functions.get_policy(FunctionName=name)["Policy"])["Statement"]
    (granted,) = statements

    def status() -> int:
        return enforced.api.request("GET", "", headers={"Authorization": f"Bearer {customer.token}"}).status_code

    assert status() == 200
    functions.remove_permission(FunctionName=name, StatementId=granted["Sid"])
    try:
        assert status() == 500
    finally:
        functions.add_permission(
            FunctionName=name,
            StatementId=granted["Sid"],
            Action=granted["Action"],
            Principal=granted["Principal"]["Service"],
            SourceArn=next(iter(granted["Condition"].values()))["AWS:SourceArn"],
        )
    assert status() == 200
