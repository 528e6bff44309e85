"""The adapters of promotions against moto: counted orders, claims, e-mails and codes."""

import math
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError
from botocore.stub import Stubber
from moto.core import DEFAULT_ACCOUNT_ID
from moto.ses.models import ses_backends

from contexts.promotions.adapters import aws as clients
from contexts.promotions.adapters.dynamodb_counted_orders import DynamoDBCountedOrders
from contexts.promotions.adapters.dynamodb_email_claims import DynamoDBEmailClaims
from contexts.promotions.adapters.random_codes import ALPHABET, GROUPS, LETTERS, RandomCodes
from contexts.promotions.adapters.ses_mail import SESMail, shown, text
from contexts.promotions.application.ports import BeingSent, MailNotSent, Overtaken, Recipient, Undeliverable
from contexts.promotions.domain.money import Money
from contexts.promotions.domain.voucher import MEMORY, CompletedOrder, NoVoucher, Voucher
from tests.fakes.aws import client as aws_client

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient
    from types_boto3_ses import SESClient

pytestmark = pytest.mark.usefixtures("aws")
NOON = datetime(2026, 11, 23, 12, 0, 0, 250_000, tzinfo=UTC)
EXPIRY = datetime(2027, 2, 21, 12, 0, tzinfo=UTC)
ORDER = CompletedOrder("order-1", "customer-1", Money(2150, "EUR"), completed_at=NOON)
VOUCHER = Voucher("order-1", "customer-1", "K7CF-39XM-HTRP", Money(215, "EUR"), issued_at=NOON, expires_at=EXPIRY)
LOYALTY_VOUCHER = replace(VOUCHER, value=Money(500, "EUR"), loyalty_order=2)
GIULIA = Recipient("giulia@example.com")
LATER, MUCH_LATER = NOON + timedelta(seconds=60), NOON + timedelta(seconds=120)


@pytest.fixture
def claims(client: "DynamoDBClient", orders: DynamoDBCountedOrders) -> DynamoDBEmailClaims:
    """Return the claims on the e-mail with the voucher of order-1."""
    orders.count(ORDER, number=1, earned=VOUCHER)
    return DynamoDBEmailClaims(client, "vouchers")


@pytest.fixture
def ses() -> "SESClient":
    client = aws_client("ses")
    client.verify_email_identity(EmailAddress="promotions@example.com")
    return client


def item(client: "DynamoDBClient", order_id: str = "order-1") -> dict[str, Any]:
    return client.get_item(TableName="vouchers", Key={"order_id": {"S": order_id}})["Item"]


@pytest.mark.parametrize("earned", [VOUCHER, LOYALTY_VOUCHER, *NoVoucher])
def test_a_counted_order_comes_back_with_what_it_earned(
    orders: DynamoDBCountedOrders, earned: Voucher | NoVoucher
) -> None:
    assert (orders.earned_by("order-1"), orders.number_of("customer-1")) == (None, 0)
    assert orders.count(ORDER, number=1, earned=earned) == earned
    assert (orders.earned_by("order-1"), orders.number_of("customer-1")) == (earned, 1)


def test_an_order_is_counted_once_and_keeps_what_it_earned_first(orders: DynamoDBCountedOrders) -> None:
    orders.count(ORDER, number=1, earned=VOUCHER)
    for number in (1, 2, 3):  # as a function does that has read before the order was counted
        assert orders.count(ORDER, number=number, earned=NoVoucher.TOO_LATE) == VOUCHER
    assert (orders.earned_by("order-1"), orders.number_of("customer-1")) == (VOUCHER, 1)


def test_a_number_is_given_once_and_who_is_overtaken_has_written_nothing(orders: DynamoDBCountedOrders) -> None:
    orders.count(ORDER, number=1, earned=VOUCHER)
    second = replace(ORDER, order_id="order-2")
    for number in (1, 3):
        with pytest.raises(Overtaken):
            orders.count(second, number=number, earned=NoVoucher.BELOW_MINIMUM_BASKET)
    assert (orders.earned_by("order-2"), orders.number_of("customer-1")) == (None, 1)
    orders.count(second, number=2, earned=NoVoucher.BELOW_MINIMUM_BASKET)
    assert orders.number_of("customer-1") == 2


def test_customers_are_counted_apart(orders: DynamoDBCountedOrders) -> None:
    orders.count(ORDER, number=1, earned=VOUCHER)
    orders.count(replace(ORDER, order_id="order-2", customer_id="customer-2"), number=1, earned=NoVoucher.TOO_LATE)
    assert [orders.number_of(f"customer-{number}") for number in (1, 2, 3)] == [1, 1, 0]


def cancelled(*codes: str) -> Stubber:
    """Return a client whose transactions are cancelled for these reasons, one for each of their parts."""
    stub = Stubber(aws_client("dynamodb"))
    reasons = [{"Code": code} for code in codes]
    stub.add_client_error(
        "transact_write_items",
        "TransactionCanceledException",
        modeled_fields={"CancellationReasons": reasons},
    )
    return stub


@pytest.mark.parametrize("codes", [("TransactionConflict", "None"), ("None", "TransactionConflict")])
def test_a_transaction_that_meets_another_is_overtaken(codes: tuple[str, str]) -> None:
    with cancelled(*codes) as stub, pytest.raises(Overtaken):
        DynamoDBCountedOrders(stub.client, "vouchers", "loyalty").count(ORDER, number=1, earned=VOUCHER)


def test_a_transaction_that_is_refused_for_another_reason_is_an_error() -> None:
    with cancelled("None", "ThrottlingError") as stub, pytest.raises(ClientError, match="TransactionCanceled"):
        DynamoDBCountedOrders(stub.client, "vouchers", "loyalty").count(ORDER, number=1, earned=VOUCHER)


def test_the_tables_hold_nothing_personal_and_only_vouchers_can_be_listed(
    orders: DynamoDBCountedOrders, client: "DynamoDBClient"
) -> None:
    orders.count(ORDER, number=1, earned=LOYALTY_VOUCHER)
    orders.count(replace(ORDER, order_id="order-2"), number=2, earned=NoVoucher.BELOW_MINIMUM_BASKET)
    always = {"order_id", "customer_id", "number", "expires_at"}
    voucher = {"code", "amount", "currency", "issued_at", "valid_until", "loyalty_order"}
    assert item(client).keys() == always | voucher
    assert item(client, "order-2").keys() == always | {"no_voucher"}
    (counter,) = client.scan(TableName="loyalty")["Items"]
    assert counter == {"customer_id": {"S": "customer-1"}, "completed_orders": {"N": "2"}}


@pytest.mark.parametrize(
    ("earned", "until"),
    [
        (NoVoucher.BELOW_MINIMUM_BASKET, NOON + MEMORY),
        (replace(VOUCHER, expires_at=NOON + timedelta(days=7)), NOON + MEMORY),
        (replace(VOUCHER, expires_at=NOON + timedelta(days=400)), NOON + timedelta(days=400)),
    ],
)
def test_the_table_forgets_an_order_when_its_time_has_come_and_no_part_of_a_second_sooner(
    orders: DynamoDBCountedOrders, client: "DynamoDBClient", earned: Voucher | NoVoucher, until: datetime
) -> None:
    orders.count(ORDER, number=1, earned=earned)
    assert item(client)["expires_at"] == {"N": str(math.ceil(until.timestamp()))}


def test_a_voucher_from_before_orders_were_counted_can_still_be_read_and_sent(
    orders: DynamoDBCountedOrders, client: "DynamoDBClient"
) -> None:
    old = {
        "order_id": {"S": "order-1"},
        "customer_id": {"S": "customer-1"},
        "code": {"S": "K7CF-39XM-HTRP"},
        "amount": {"N": "215"},
        "currency": {"S": "EUR"},
        "issued_at": {"S": NOON.isoformat()},
        "expires_at": {"N": str(int(EXPIRY.timestamp()))},
    }
    client.put_item(TableName="vouchers", Item=old)
    assert orders.earned_by("order-1") == VOUCHER
    assert orders.count(ORDER, number=1, earned=NoVoucher.TOO_LATE) == VOUCHER
    assert orders.number_of("customer-1") == 0
    assert DynamoDBEmailClaims(client, "vouchers").claim("order-1", now=NOON, until=LATER)


def test_an_email_can_be_claimed_by_one_at_a_time(claims: DynamoDBEmailClaims) -> None:
    assert claims.claim("order-1", now=NOON, until=LATER)
    with pytest.raises(BeingSent):
        claims.claim("order-1", now=LATER - timedelta(milliseconds=1), until=MUCH_LATER)
    assert claims.claim("order-1", now=LATER, until=MUCH_LATER)
    with pytest.raises(BeingSent):
        claims.claim("order-1", now=LATER, until=MUCH_LATER)


def test_a_claim_that_is_given_up_is_free_at_once(claims: DynamoDBEmailClaims) -> None:
    claims.claim("order-1", now=NOON, until=LATER)
    claims.release("order-1", until=LATER)
    assert claims.claim("order-1", now=NOON, until=LATER)


def test_who_gives_up_a_claim_that_ran_out_takes_nothing_from_the_next(claims: DynamoDBEmailClaims) -> None:
    claims.claim("order-1", now=NOON, until=LATER)
    claims.claim("order-1", now=LATER, until=MUCH_LATER)
    claims.release("order-1", until=LATER)
    with pytest.raises(BeingSent):
        claims.claim("order-1", now=LATER, until=MUCH_LATER)


def test_an_email_that_was_sent_is_never_claimed_again(
    claims: DynamoDBEmailClaims, orders: DynamoDBCountedOrders, client: "DynamoDBClient"
) -> None:
    claims.claim("order-1", now=NOON, until=LATER)
    claims.record_sent("order-1", NOON)
    assert not claims.claim("order-1", now=MUCH_LATER, until=EXPIRY)
    assert orders.earned_by("order-1") == replace(VOUCHER, emailed_at=NOON)
    assert "email_claimed_until" not in item(client)


def test_the_first_time_of_sending_is_the_one_that_stays(
    claims: DynamoDBEmailClaims, orders: DynamoDBCountedOrders
) -> None:
    claims.record_sent("order-1", NOON)
    claims.record_sent("order-1", EXPIRY)
    assert orders.earned_by("order-1") == replace(VOUCHER, emailed_at=NOON)


def test_an_order_that_is_forgotten_is_not_brought_back(
    claims: DynamoDBEmailClaims, orders: DynamoDBCountedOrders
) -> None:
    assert not claims.claim("forgotten", now=NOON, until=LATER)
    claims.release("forgotten", until=LATER)
    with pytest.raises(ClientError, match="ConditionalCheckFailed"):
        claims.record_sent("forgotten", NOON)
    assert orders.earned_by("forgotten") is None


def test_an_answer_of_ses_is_waited_for_longer_and_both_clients_fit_into_the_functions_timeout() -> None:
    def at_worst(client: Any) -> float:
        config = client.meta.config
        return float(config.retries["total_max_attempts"] * (config.connect_timeout + config.read_timeout))

    clients.dynamodb.cache_clear()
    clients.ses.cache_clear()
    assert at_worst(clients.dynamodb()) < at_worst(clients.ses()) < 30


def test_the_email_goes_to_the_customer_with_code_value_and_date(ses: "SESClient") -> None:
    SESMail(ses, "promotions@example.com").send(VOUCHER, GIULIA)
    (sent,) = ses_backends[DEFAULT_ACCOUNT_ID]["eu-central-1"].sent_messages
    assert (sent.source, sent.destinations["ToAddresses"]) == ("promotions@example.com", ["giulia@example.com"])
    assert sent.subject == "2.15 EUR off your next order"
    body = text(VOUCHER)
    assert sent.body == body
    assert [each in body for each in (VOUCHER.code, "2.15 EUR", "21 February 2027")] == [True] * 3


@pytest.mark.parametrize("name", ["takeaway-dev-promotions", None])
def test_an_email_goes_through_the_configuration_set_if_there_is_one(ses: "SESClient", name: str | None) -> None:
    asked: list[dict[str, Any]] = []
    ses.meta.events.register("provide-client-params.ses.SendEmail", lambda params, **_: asked.append(params))
    SESMail(ses, "promotions@example.com", name).send(VOUCHER, GIULIA)
    assert [each.get("ConfigurationSetName") for each in asked] == [name]
    assert ("ConfigurationSetName" in asked[0]) == bool(name)


@pytest.mark.parametrize(
    ("address", "written_to"),
    [
        ("anna@bücher.example.com", "anna@xn--bcher-kva.example.com"),
        ("anna@xn--bcher-kva.example.com", "anna@xn--bcher-kva.example.com"),
        ("anna@straße.example.com", "anna@xn--strae-oqa.example.com"),  # another domain than strasse.example.com
        ("anna@食堂。example.com", "anna@xn--cks722m.example.com"),
    ],
)
def test_a_domain_in_any_script_is_written_to_as_ses_takes_it(ses: "SESClient", address: str, written_to: str) -> None:
    SESMail(ses, "promotions@example.com").send(VOUCHER, Recipient(address))
    (sent,) = ses_backends[DEFAULT_ACCOUNT_ID]["eu-central-1"].sent_messages
    assert sent.destinations["ToAddresses"] == [written_to]


@pytest.mark.parametrize("address", ["zoë@example.com", "anna@xn--ü.example.com", f"anna@{'ü' * 60}.example.com"])
def test_an_address_that_ses_can_never_write_to_is_told_from_an_email_that_failed(
    ses: "SESClient", address: str
) -> None:
    with pytest.raises(Undeliverable) as refused:
        SESMail(ses, "promotions@example.com").send(VOUCHER, Recipient(address))
    assert address not in str(refused.value)
    assert not ses_backends[DEFAULT_ACCOUNT_ID]["eu-central-1"].sent_messages


def test_the_email_of_a_loyalty_voucher_says_which_order_it_is_for() -> None:
    assert "your order number 2 with us" in text(LOYALTY_VOUCHER)
    assert "order number" not in text(VOUCHER)


def test_an_email_that_ses_refuses_is_an_error_without_the_address(ses: "SESClient") -> None:
    with pytest.raises(MailNotSent) as refused:
        SESMail(ses, "giulia@example.com").send(VOUCHER, GIULIA)
    assert str(refused.value) == "MessageRejected"
    assert refused.value.__suppress_context__


@pytest.mark.parametrize(
    ("money", "written"),
    [
        (Money(950, "EUR"), "9.50 EUR"),
        (Money(5, "EUR"), "0.05 EUR"),
        (Money(1950, "JPY"), "1,950 JPY"),
        (Money(425, "KWD"), "0.425 KWD"),
        (Money(123_456_789_012_345_678_901, "MXN"), "1,234,567,890,123,456,789.01 MXN"),
    ],
)
def test_money_is_written_with_the_digits_of_its_currency(money: Money, written: str) -> None:
    assert shown(money) == written


def test_codes_are_never_alike() -> None:
    codes = {RandomCodes().new() for _ in range(1000)}
    assert len(codes) == 1000
    assert {len(code) for code in codes} == {GROUPS * (LETTERS + 1) - 1}
    assert {letter for code in codes for letter in code} == {*ALPHABET, "-"}


def test_a_code_has_fifty_bits() -> None:
    assert len(set(ALPHABET)) == len(ALPHABET)
    assert GROUPS * LETTERS * math.log2(len(ALPHABET)) >= 50


@pytest.mark.parametrize("alike", ["0OQ", "1IL", "2Z", "5S", "6G", "8B", "UV", "AEIOU"])
def test_no_letter_of_a_code_looks_like_another_and_none_makes_a_word(alike: str) -> None:
    assert set(alike) & set(ALPHABET) == set()
