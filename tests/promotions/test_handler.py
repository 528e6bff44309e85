"""The function of promotions: a batch in, the failed messages out, and a log without personal data."""

import io
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from contexts.promotions import bootstrap, observability
from contexts.promotions.handlers import issue_voucher as function
from contexts.promotions.settings.policy_file import voucher_policy
from shared import schema_tools
from tests.fakes.lambda_context import FakeLambdaContext
from tests.fakes.vouchers import Crash, World

COMPLETED_AT = datetime(2026, 11, 23, 12, 41, 37, 861_000, tzinfo=UTC)


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setenv("POWERTOOLS_METRICS_NAMESPACE", "Takeaway/test")
    world = World(voucher_policy(), COMPLETED_AT + timedelta(seconds=1))
    monkeypatch.setattr(bootstrap, "production", lambda: world)
    return world


@pytest.fixture
def log(world: World) -> Iterator[io.StringIO]:
    handler = observability.logger().registered_handler
    stream = io.StringIO()
    before = handler.setStream(stream)  # type: ignore[attr-defined]
    yield stream
    handler.setStream(before)  # type: ignore[attr-defined]


def completed(order_id: str = "order-1", **data: Any) -> str:
    event = schema_tools.example("order_completed")
    event["detail"]["data"] |= {"order_id": order_id, **data}
    return json.dumps(event)


def batch(*bodies: str) -> dict[str, Any]:
    return {
        "Records": [
            {"messageId": f"message-{number}", "body": body, "eventSource": "aws:sqs"}
            for number, body in enumerate(bodies, start=1)
        ]
    }


def call(*bodies: str) -> list[str]:
    answer = function.handler(batch(*bodies), FakeLambdaContext())
    return [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]


def test_every_completed_order_of_a_batch_gets_its_voucher(log: io.StringIO, world: World) -> None:
    assert call(completed("order-1"), completed("order-2")) == []
    assert set(world.orders.vouchers) == {"order-1", "order-2"}
    assert world.orders.vouchers["order-1"].value.amount == 215
    assert world.orders.vouchers["order-1"].expires_at == COMPLETED_AT + timedelta(days=90)


def test_an_order_counts_as_one_voucher_or_none_and_once(
    log: io.StringIO, world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    below_minimum = {"amount": 1, "currency": "EUR"}
    call(completed("order-1"), completed("order-2", total=below_minimum), completed("order-1"))
    metrics = [json.loads(line) for line in capsys.readouterr().out.splitlines() if "_aws" in line]
    assert [(metric["VouchersPerOrder"], metric["service"]) for metric in metrics] == [
        ([1.0], "promotions"), ([0.0], "promotions"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "poison",
    [
        "not json",
        "{}",
        completed(total={"amount": "many", "currency": "EUR"}),
        completed(total={"amount": 9.5, "currency": "EUR"}),
        completed(total={"amount": -9, "currency": "EUR"}),
        completed(customer={"name": "Giulia Conti"}),
        "[" * 100_000,
    ],
)
def test_a_poison_message_fails_alone(poison: str, log: io.StringIO, world: World) -> None:
    assert call(completed("order-1"), poison, completed("order-3")) == ["message-2"]
    assert set(world.orders.vouchers) == {"order-1", "order-3"}


def happened(at: str) -> str:
    event = json.loads(completed())
    event["detail"]["metadata"]["occurred_at"] = at
    return json.dumps(event)


@pytest.mark.parametrize(
    ("poison", "field"),
    [
        (happened("9999-12-31T23:59:59.000-01:00"), "detail.metadata.occurred_at"),
        (happened("9999-12-31T23:59:59.000Z"), "detail.metadata.occurred_at"),
        (happened("0001-01-01T00:00:00.000+02:00"), "detail.metadata.occurred_at"),
        (happened("2026-12-31T23:59:60.000Z"), "detail.metadata.occurred_at"),
        (completed(total={"amount": 2**63, "currency": "EUR"}), "detail.data.total.amount"),
        (completed(total={"amount": 10**400, "currency": "EUR"}), "detail.data.total.amount"),
        (completed("x" * 2049), "detail.data.order_id"),
        (completed(customer_id="ж" * 1025), "detail.data.customer_id"),
        (completed(customer_id=""), "detail.data.customer_id"),
        (completed(customer_id="\ud800"), "json_invalid"),
    ],
)
def test_what_nothing_can_be_made_of_fails_while_it_is_read_alone_and_by_name(
    poison: str, field: str, log: io.StringIO, world: World
) -> None:
    assert call(completed("order-1"), poison, completed("order-3")) == ["message-2"]
    assert set(world.orders.vouchers) == {"order-1", "order-3"}
    (failed,) = (line for line in map(json.loads, log.getvalue().splitlines()) if line["level"] == "WARNING")
    assert failed["exception_name"] == "ValidationError"
    assert field in failed["exception"]


def test_the_latest_and_the_earliest_time_in_any_timezone_are_read(log: io.StringIO, world: World) -> None:
    assert call(happened("2099-12-31T23:00:00.000-00:59"), happened("2000-01-01T13:59:59.000+13:59")) == []


def test_a_batch_of_nothing_but_poison_is_reported_and_not_raised(log: io.StringIO) -> None:
    assert call("poison") == ["message-1"]


def test_an_email_that_cannot_be_sent_is_delivered_again(log: io.StringIO, world: World) -> None:
    world.mail.refuses = True
    assert call(completed()) == ["message-1"]
    world.mail.refuses = False
    assert call(completed()) == []
    assert len(world.mail.sent) == 1


def test_an_address_that_no_email_can_be_written_to_keeps_its_voucher_and_is_not_tried_again(
    log: io.StringIO, world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    unreachable = completed("order-1", customer={"name": "Zoë", "email": "zoë@example.com"})
    assert call(unreachable, completed("order-2")) == []
    assert set(world.orders.vouchers) == {"order-1", "order-2"}
    assert [voucher.order_id for voucher, _ in world.mail.sent] == ["order-2"]
    assert '"outcome":"undeliverable"' in log.getvalue()
    counted = [json.loads(line)["VouchersPerOrder"] for line in capsys.readouterr().out.splitlines() if "_aws" in line]
    assert counted == [[1.0], [1.0]]


def test_two_copies_of_an_event_in_one_batch_make_one_voucher_and_one_email(log: io.StringIO, world: World) -> None:
    assert call(completed(), completed()) == []
    assert len(world.mail.sent) == 1
    assert world.orders.counted.total() == 1


def test_an_email_that_another_function_is_sending_is_looked_at_again_later(log: io.StringIO, world: World) -> None:
    def die() -> None:
        raise Crash

    world.moments.at("after claim", die)
    assert [call(completed()), call(completed())] == [["message-1"]] * 2
    assert "BeingSent" in log.getvalue()
    world.clock.advance(timedelta(minutes=3))
    assert call(completed()) == []
    assert len(world.mail.sent) == 1


def test_a_basket_that_is_too_small_is_an_answer_and_not_a_failure(log: io.StringIO, world: World) -> None:
    assert call(completed(total={"amount": 350, "currency": "KWD"})) == []
    assert world.mail.sent == []
    assert "below_minimum_basket" in log.getvalue()


def test_the_log_follows_the_order_and_holds_no_personal_data_and_no_code(log: io.StringIO, world: World) -> None:
    call(completed("order-1"), completed("order-2", customer={"name": "Giulia Conti", "email": 7}), "poison")
    world.mail.refuses = True
    call(completed("order-3"))
    lines = [json.loads(line) for line in log.getvalue().splitlines()]
    assert [(line["level"], line.get("correlation_id"), line["message_id"]) for line in lines] == [
        ("INFO", "order-1", "message-1"),
        ("WARNING", None, "message-2"),
        ("WARNING", None, "message-3"),
        ("WARNING", "order-3", "message-1"),
    ]
    assert lines[0]["outcome"] == "sent"
    assert "MailNotSent" in lines[3]["exception"]
    for secret in ("giulia", "Giulia", "Conti", "CODE-"):
        assert secret not in log.getvalue()
