"""The adapters of orders against AWS as moto imitates it."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws
from moto.core import DEFAULT_ACCOUNT_ID
from moto.ses.models import ses_backends

from contexts.orders.adapters.dynamodb_orders import DynamoDBOrders
from contexts.orders.adapters.eventbridge_events import EventBridgeEvents
from contexts.orders.adapters.ses_customers import TEXTS, SESCustomers
from contexts.orders.adapters.sns_restaurants import SNSRestaurants
from contexts.orders.adapters.step_functions import StepFunctionsWorkflow
from contexts.orders.application import commands
from contexts.orders.application.ports import CallbackLost, Conflict, MessageNotSent, PublishingFailed, Wait
from contexts.orders.domain.errors import OrderNotFound
from contexts.orders.domain.identity import Identity
from contexts.orders.domain.lifecycle import FOLLOWS, RESTAURANT_NOTIFIED, Completion, Decision, Status
from contexts.orders.domain.money import Money
from contexts.orders.domain.order import Customer, Item, Order
from contexts.orders.published_events import event_of, events_of
from tests.fakes import aws as fake_aws
from tests.fakes.bus import FlakyBus, keeps_its_contract
from tests.fakes.orders import ALICE, NOON, ORDER_ID, ROMA, SENT, World, draft

TABLE = "orders"
KEPT = timedelta(days=400)
aws_client = partial(fake_aws.client, region="eu-west-1")
PLACED = draft().become(Status.PLACED, NOON)


@pytest.fixture(autouse=True)
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_DEFAULT_REGION"):
        monkeypatch.setenv(name, "eu-west-1" if name.endswith("REGION") else "test")
    with mock_aws():
        yield


@pytest.fixture
def orders() -> DynamoDBOrders:
    client = aws_client("dynamodb")
    client.create_table(
        TableName=TABLE,
        KeySchema=[{"AttributeName": "order_id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "order_id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    return DynamoDBOrders(client, TABLE, KEPT)


def raw_item(order_id: str = ORDER_ID) -> dict[str, Any]:
    return dict(aws_client("dynamodb").get_item(TableName=TABLE, Key={"order_id": {"S": order_id}})["Item"])


def put_token(wait: Wait, token: str) -> None:
    aws_client("dynamodb").update_item(
        TableName=TABLE,
        Key={"order_id": {"S": ORDER_ID}},
        UpdateExpression=f"SET {wait}_token = :token",
        ExpressionAttributeValues={":token": {"S": token}},
    )


def token(orders: DynamoDBOrders, wait: Wait) -> str | None:
    found = orders.find(ORDER_ID)
    assert found
    return found.waiting_token(wait)


def test_an_order_is_read_back_as_it_was_stored_whatever_its_texts_and_currency(orders: DynamoDBOrders) -> None:
    order = draft(
        customer=Customer("زبون", "山田 太郎 🍣", "t@example.com"),
        items=(Item('"Spicy" \\ tuna', 3, Money(4750, "KWD")), Item("無料", 1, Money(0, "KWD"))),
        note="naïve\n\t“quotes”",
    )
    orders.add(order, SENT)
    assert orders.get(ORDER_ID) == order
    later = order.become(Status.PLACED, NOON).decide(Decision.REJECTED, reason="閉店").become(Status.REJECTED, NOON)
    orders.save(order, later)
    assert orders.get(ORDER_ID) == later


def test_an_order_that_is_there_already_is_returned_and_not_overwritten(orders: DynamoDBOrders) -> None:
    orders.add(draft(), SENT)
    again = orders.add(draft(note="another"), "another")
    assert (again.order, again.fingerprint) == (draft(), SENT)
    assert raw_item()["request_hash"] == {"S": SENT}  # the attribute's name in the items of all versions


def test_an_unknown_order_is_not_found(orders: DynamoDBOrders) -> None:
    with pytest.raises(OrderNotFound):
        orders.get("order-2")
    with pytest.raises(OrderNotFound):
        orders.get("x" * 3000)
    with pytest.raises(Conflict):  # a write never makes half an order
        orders.save(draft(), draft().become(Status.PLACED, NOON))


def test_a_draft_expires_and_a_placed_order_stays(orders: DynamoDBOrders) -> None:
    orders.add(draft(), SENT)
    assert int(raw_item()["expires_at"]["N"]) > NOON.timestamp()
    orders.save(draft(), draft().become(Status.PLACED, NOON))
    assert "expires_at" not in raw_item()


def test_an_order_goes_by_itself_so_long_after_its_end(orders: DynamoDBOrders) -> None:
    ended = NOON + timedelta(hours=1)
    placed = draft().become(Status.PLACED, NOON)
    orders.add(draft(), SENT)
    orders.save(draft(), placed)
    failed = placed.become(Status.FAILED, ended)
    orders.save(placed, failed)
    assert datetime.fromtimestamp(int(raw_item()["expires_at"]["N"]), NOON.tzinfo) == ended + KEPT
    orders.save(failed, failed.user_notified(Status.FAILED, ended + timedelta(days=9)))
    assert datetime.fromtimestamp(int(raw_item()["expires_at"]["N"]), NOON.tzinfo) == ended + KEPT


def test_a_token_that_nobody_can_use_any_more_is_not_kept(orders: DynamoDBOrders) -> None:
    placed = draft().become(Status.PLACED, NOON)
    orders.add(draft(), SENT)
    orders.save(draft(), placed)
    put_token(Wait.DECISION, "decides")
    decided = placed.decide(Decision.ACCEPTED)
    assert orders.save(placed, decided).waiting_token(Wait.DECISION) == "decides"  # the token is still needed
    accepted = decided.become(Status.ACCEPTED, NOON)
    orders.save(decided, accepted)
    put_token(Wait.COMPLETION, "delivers")
    assert (token(orders, Wait.DECISION), token(orders, Wait.COMPLETION)) == (None, "delivers")
    delivered = accepted.deliver()
    orders.save(accepted, delivered)
    orders.save(delivered, delivered.become(Status.COMPLETED, NOON))
    assert token(orders, Wait.COMPLETION) is None


def test_a_draft_that_fails_is_kept_as_long_as_any_order(orders: DynamoDBOrders) -> None:
    orders.add(draft(), SENT)
    orders.save(draft(), draft().become(Status.FAILED, NOON))
    assert datetime.fromtimestamp(int(raw_item()["expires_at"]["N"]), NOON.tzinfo) == NOON + KEPT


def test_a_save_on_an_order_that_was_written_meanwhile_is_a_conflict_and_writes_nothing(orders: DynamoDBOrders) -> None:
    placed = draft().become(Status.PLACED, NOON)
    orders.add(draft(), SENT)
    orders.save(draft(), placed)
    cancelled = placed.decide(Decision.CANCELLED)
    orders.save(placed, cancelled)
    for stale, wanted in [
        (draft(), draft().become(Status.PLACED, NOON)),
        (placed, placed.decide(Decision.ACCEPTED)),
        (placed, placed.expire(NOON)),
    ]:
        with pytest.raises(Conflict):
            orders.save(stale, wanted)
    assert orders.get(ORDER_ID) == cancelled


def test_a_completion_and_a_timeout_exclude_each_other(orders: DynamoDBOrders) -> None:
    accepted = draft().become(Status.PLACED, NOON).decide(Decision.ACCEPTED).become(Status.ACCEPTED, NOON)
    orders.add(accepted, SENT)
    orders.save(accepted, accepted.deliver())
    with pytest.raises(Conflict):
        orders.save(accepted, accepted.time_out(NOON))
    assert orders.get(ORDER_ID).completion is Completion.COMPLETED


def test_two_different_changes_at_once_are_both_recorded(orders: DynamoDBOrders) -> None:
    placed = draft().become(Status.PLACED, NOON)
    orders.add(placed, SENT)
    orders.save(placed, placed.restaurant_notified(NOON))
    orders.save(placed, placed.user_notified(Status.PLACED, NOON))
    assert len(orders.get(ORDER_ID).changes) == 3


def test_each_wait_has_a_token_of_its_own(orders: DynamoDBOrders) -> None:
    orders.add(draft(), SENT)
    assert token(orders, Wait.DECISION) is None
    put_token(Wait.DECISION, "first")
    assert token(orders, Wait.DECISION) == "first"
    assert token(orders, Wait.COMPLETION) is None
    assert orders.get(ORDER_ID) == draft()  # the token is no part of the order


def test_a_save_returns_what_is_then_stored_with_what_others_wrote_since_it_was_read(orders: DynamoDBOrders) -> None:
    placed = draft().become(Status.PLACED, NOON)
    orders.add(placed, SENT)
    orders.save(placed, placed.restaurant_notified(NOON))
    put_token(Wait.DECISION, "stored meanwhile")
    saved = orders.save(placed, placed.decide(Decision.ACCEPTED))
    assert saved.order == orders.get(ORDER_ID)
    assert RESTAURANT_NOTIFIED in saved.order.changes
    assert saved.waiting_token(Wait.DECISION) == "stored meanwhile"


@pytest.mark.parametrize(
    ("decide", "by", "before"),
    [
        (commands.accept, ROMA, PLACED),
        (partial(commands.reject, reason="closed"), ROMA, PLACED),
        (commands.cancel, ALICE, PLACED),
        (commands.complete, ROMA, PLACED.decide(Decision.ACCEPTED).become(Status.ACCEPTED, NOON)),
    ],
)
def test_a_decision_is_one_read_and_one_write_and_the_same_again_one_read(
    orders: DynamoDBOrders, decide: Callable[..., Any], by: Identity, before: Order
) -> None:
    orders.add(before, SENT)
    put_token(Wait.DECISION, "token")
    put_token(Wait.COMPLETION, "token")
    calls = list[str]()
    orders._client.meta.events.register("before-call.dynamodb", lambda model, **_: calls.append(model.name))
    world = World()
    world.orders = orders  # type: ignore[assignment]
    decide(ORDER_ID, by, world)
    assert calls == ["GetItem", "UpdateItem"]
    decide(ORDER_ID, by, world)
    assert calls == ["GetItem", "UpdateItem", "GetItem"]
    assert [token for token, _ in world.workflow.resumed] == ["token", "token"]
    stranger = Identity(by.role, "stranger")
    decide(ORDER_ID, stranger, world)
    assert calls[3:] == ["GetItem"]


FAILED = draft().become(Status.PLACED, NOON).restaurant_notified(NOON).become(Status.FAILED, NOON)


def test_events_go_to_the_bus_under_the_source_of_orders_only() -> None:
    sqs, events = aws_client("sqs"), aws_client("events")
    events.create_event_bus(Name="bus")
    queue = sqs.create_queue(QueueName="q")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    events.put_rule(Name="r", EventBusName="bus", EventPattern=json.dumps({"source": ["takeaway.orders"]}))
    events.put_targets(Rule="r", EventBusName="bus", Targets=[{"Id": "q", "Arn": arn}])
    event = events_of(FAILED)[0]
    EventBridgeEvents(events, "bus").publish([event])
    [message] = sqs.receive_message(QueueUrl=queue)["Messages"]
    received = json.loads(message["Body"])
    keeps_its_contract(received)
    assert (received["detail-type"], received["detail"]) == ("order_placed", event.detail)


def test_a_call_of_a_traced_function_hands_its_trace_on(monkeypatch: pytest.MonkeyPatch) -> None:
    trace, headers = "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1", []
    monkeypatch.setenv("AWS_LAMBDA_FUNCTION_NAME", "takeaway-test-orders-place-order")
    monkeypatch.setenv("_X_AMZN_TRACE_ID", trace)
    events = boto3.client("events")
    events.create_event_bus(Name="bus")
    events.meta.events.register(
        "before-sign.events.PutEvents", lambda request, **_: headers.append(request.headers.get("X-Amzn-Trace-Id"))
    )
    EventBridgeEvents(events, "bus").publish(events_of(FAILED))
    assert set(headers) == {trace}


def test_of_a_call_that_failed_in_part_only_the_refused_entries_are_put_again() -> None:
    bus = FlakyBus(refuse={"restaurant_notified": 2})
    EventBridgeEvents(bus, "bus").publish(events_of(FAILED))  # type: ignore[arg-type]
    taken = [event["detail-type"] for event in bus.taken]
    assert sorted(taken) == ["order_failed", "order_placed", "restaurant_notified"]
    assert bus.calls == 3


def test_entries_that_are_refused_again_and_again_are_an_error_that_names_them() -> None:
    bus = FlakyBus(refuse={"restaurant_notified": 9})
    with pytest.raises(PublishingFailed, match="restaurant_notified: InternalFailure"):
        EventBridgeEvents(bus, "bus").publish(events_of(FAILED))  # type: ignore[arg-type]


def test_more_events_than_one_call_takes_are_put_in_several() -> None:
    bus = FlakyBus(refuse={"order_failed": 1})
    events = events_of(FAILED) * 7
    EventBridgeEvents(bus, "bus").publish(events)  # type: ignore[arg-type]
    assert len(bus.taken) == len(events) == 21
    assert bus.calls == 4  # three calls, and one of them repeated


def test_events_that_are_too_large_for_one_call_together_are_put_in_several() -> None:
    bus = FlakyBus()
    long = tuple(replace(draft().items[0], name="大" * 200) for _ in range(100))
    placed = events_of(draft(items=long).become(Status.PLACED, NOON))
    EventBridgeEvents(bus, "bus").publish(placed * 9)  # type: ignore[arg-type]
    assert len(bus.taken) == 9
    assert bus.calls > 1  # each call is within EventBridge's limits, which the fake checks


def test_a_restaurant_is_told_its_orders_by_the_attribute_restaurant_id() -> None:
    sns, sqs = aws_client("sns"), aws_client("sqs")
    topic = sns.create_topic(Name="restaurants")["TopicArn"]
    queue = sqs.create_queue(QueueName="roma")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    policy = json.dumps({"restaurant_id": ["trattoria-roma"]})
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn, Attributes={"FilterPolicy": policy})
    adapter = SNSRestaurants(sns, topic, 600)
    adapter.notify(draft("order-2", restaurant_id="another"))
    adapter.notify(draft())
    [message] = sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10)["Messages"]
    told = json.loads(json.loads(message["Body"])["Message"])
    # a subscriber chooses its own filter, so every restaurant may read every message
    assert told == {
        "order_id": ORDER_ID,
        "restaurant_id": "trattoria-roma",
        "href": f"orders/{ORDER_ID}",
        "respond_within_seconds": 600,
    }


def test_a_topic_that_refuses_is_a_message_not_sent() -> None:
    with pytest.raises(MessageNotSent):
        SNSRestaurants(aws_client("sns"), f"arn:aws:sns:eu-west-1:{DEFAULT_ACCOUNT_ID}:gone", 600).notify(draft())


@pytest.mark.parametrize("status", TEXTS)
def test_a_customer_gets_a_mail_for_each_status_that_he_is_told(status: Status) -> None:
    ses = aws_client("ses")
    ses.verify_email_identity(EmailAddress="orders@example.com")
    reason = "no dough left" if status is Status.REJECTED else ""
    SESCustomers(ses, "orders@example.com").notify(draft(status=status, reason=reason))
    [mail] = ses_backends[DEFAULT_ACCOUNT_ID]["eu-west-1"].sent_messages
    assert mail.destinations["ToAddresses"] == ["alice@example.com"]
    assert "19.00 EUR" in mail.body
    assert "Alice" not in mail.body  # a name is free text, which would come in our name
    assert ("no dough left" in mail.body) == bool(reason)
    assert "{reason}" not in mail.body


@pytest.mark.parametrize("name", ["takeaway-dev-orders", None])
def test_a_mail_goes_through_the_configuration_set_if_there_is_one(name: str | None) -> None:
    ses, asked = aws_client("ses"), []
    ses.meta.events.register("provide-client-params.ses.SendEmail", lambda params, **_: asked.append(params))
    ses.verify_email_identity(EmailAddress="orders@example.com")
    SESCustomers(ses, "orders@example.com", name).notify(draft(status=Status.ACCEPTED))
    assert [each.get("ConfigurationSetName") for each in asked] == [name]
    assert ("ConfigurationSetName" in asked[0]) == bool(name)


@pytest.mark.parametrize(
    ("address", "written_to"),
    [
        ("anna@bücher.example.com", "anna@xn--bcher-kva.example.com"),
        ("anna@straße.example.com", "anna@xn--strae-oqa.example.com"),  # another domain than strasse.example.com
        ("anna@example.com", "anna@example.com"),
    ],
)
def test_a_mail_goes_to_a_domain_in_any_script_as_ses_takes_it(address: str, written_to: str) -> None:
    ses = aws_client("ses")
    ses.verify_email_identity(EmailAddress="orders@example.com")
    order = draft(status=Status.ACCEPTED)
    SESCustomers(ses, "orders@example.com").notify(replace(order, customer=replace(order.customer, email=address)))
    [mail] = ses_backends[DEFAULT_ACCOUNT_ID]["eu-west-1"].sent_messages
    assert mail.destinations["ToAddresses"] == [written_to]


def test_what_was_ordered_before_texts_were_checked_makes_no_lines_of_its_own_in_a_mail() -> None:
    ses = aws_client("ses")
    ses.verify_email_identity(EmailAddress="orders@example.com")
    dish = replace(draft().items[0], name="Tea\r\n\r\nYour account is closed\u2028http://example.com")
    order = draft(status=Status.REJECTED, reason="no\u0085\u202etea", items=(dish,))
    SESCustomers(ses, "orders@example.com").notify(order)
    [mail] = ses_backends[DEFAULT_ACCOUNT_ID]["eu-west-1"].sent_messages
    assert "2 x Tea Your account is closed http://example.com\n" in mail.body
    assert "Its words: no tea\n" in mail.body


def test_a_domain_that_is_none_is_a_message_not_sent_without_the_address() -> None:
    order = draft(status=Status.ACCEPTED)
    wrong = replace(order, customer=replace(order.customer, email=f"anna@{'ü' * 60}.example.com"))
    with pytest.raises(MessageNotSent, match="IDNAError") as refused:
        SESCustomers(aws_client("ses"), "orders@example.com").notify(wrong)
    assert "@" not in str(refused.value)


def test_every_status_that_the_workflow_tells_of_has_a_text() -> None:
    assert set(TEXTS) == set(FOLLOWS) - {Status.PLACED, Status.COMPLETED}


def test_a_mail_that_is_refused_is_a_message_not_sent_without_the_address() -> None:
    with pytest.raises(MessageNotSent, match="MessageRejected") as refused:
        SESCustomers(aws_client("ses"), "unverified@example.com").notify(draft(status=Status.ACCEPTED))
    assert "@" not in str(refused.value)


class Callbacks:
    """A client whose SendTaskSuccess answers with an error code."""

    def __init__(self, code: str) -> None:
        self.code = code

    def send_task_success(self, **_: str) -> None:
        raise ClientError({"Error": {"Code": self.code, "Message": "…"}}, "SendTaskSuccess")


@pytest.mark.parametrize("code", ["TaskTimedOut", "TaskDoesNotExist", "InvalidToken"])
def test_a_callback_for_which_nobody_waits_is_ignored(code: str) -> None:
    StepFunctionsWorkflow(Callbacks(code), "arn").resume("token", {"decision": "accepted"})  # type: ignore[arg-type]


def test_a_callback_that_did_not_get_through_is_lost() -> None:
    with pytest.raises(CallbackLost, match="ThrottlingException"):
        StepFunctionsWorkflow(Callbacks("ThrottlingException"), "arn").resume("token", {})  # type: ignore[arg-type]


def test_an_execution_is_named_by_its_order_and_starting_it_again_is_as_good() -> None:
    client = aws_client("stepfunctions")
    machine = client.create_state_machine(
        name="m",
        roleArn=f"arn:aws:iam::{DEFAULT_ACCOUNT_ID}:role/r",
        definition='{"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}',
    )["stateMachineArn"]
    for _ in range(2):
        StepFunctionsWorkflow(client, machine).start(ORDER_ID)
    [execution] = client.list_executions(stateMachineArn=machine)["executions"]
    assert execution["name"] == ORDER_ID
    described = client.describe_execution(executionArn=execution["executionArn"])
    assert json.loads(described["input"]) == {"order_id": ORDER_ID}  # an id, and nothing personal


def test_an_event_is_made_of_the_order_item_alone(orders: DynamoDBOrders) -> None:
    orders.add(FAILED, SENT)
    for change in FAILED.changes:
        assert event_of(orders.get(ORDER_ID), change) == event_of(FAILED, change)
