"""Vouchers in the table, e-mails at SES, codes and settings: what the fakes stand for, against moto."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws
from moto.core import DEFAULT_ACCOUNT_ID
from moto.ses.models import ses_backends

from contexts.promotions.adapters.dynamodb_vouchers import DynamoDbVouchers
from contexts.promotions.adapters.random_codes import ALPHABET, RandomCodes
from contexts.promotions.adapters.ses_mail import SesMail, shown, text
from contexts.promotions.application.ports import MailNotSent, Recipient
from contexts.promotions.domain.money import Money
from contexts.promotions.domain.voucher import Voucher

if TYPE_CHECKING:
    from types_boto3_ses import SESClient

NOON = datetime(2026, 11, 23, 12, 0, 0, 250_000, tzinfo=UTC)
EXPIRY = datetime(2027, 2, 21, 12, 0, tzinfo=UTC)
VOUCHER = Voucher("order-1", "customer-1", "K7QF-29XM-HTRB", Money(215, "EUR"), issued_at=NOON, expires_at=EXPIRY)
GIULIA = Recipient("Giulia {Conti} «🍕»", "giulia@example.com")


@pytest.fixture(autouse=True)
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    with mock_aws():
        yield


@pytest.fixture
def vouchers() -> DynamoDbVouchers:
    client = boto3.client("dynamodb")
    client.create_table(
        TableName="vouchers",
        KeySchema=[{"AttributeName": "order_id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "order_id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    return DynamoDbVouchers(client, "vouchers")


@pytest.fixture
def ses() -> "SESClient":
    client = boto3.client("ses")
    client.verify_email_identity(EmailAddress="promotions@example.com")
    return client


def test_a_voucher_comes_back_as_it_was_kept(vouchers: DynamoDbVouchers) -> None:
    assert vouchers.of_order("order-1") is None
    assert vouchers.add(VOUCHER) == VOUCHER
    assert vouchers.of_order("order-1") == VOUCHER


def test_a_second_voucher_for_an_order_is_not_kept_and_the_first_is_returned(vouchers: DynamoDbVouchers) -> None:
    vouchers.add(VOUCHER)
    other = Voucher("order-1", "customer-1", "OTHER", Money(1, "EUR"), issued_at=NOON, expires_at=EXPIRY)
    assert vouchers.add(other) == VOUCHER
    assert vouchers.of_order("order-1") == VOUCHER


def test_the_first_time_of_sending_is_the_one_that_stays(vouchers: DynamoDbVouchers) -> None:
    vouchers.add(VOUCHER)
    vouchers.record_emailed("order-1", NOON)
    vouchers.record_emailed("order-1", EXPIRY)
    found = vouchers.of_order("order-1")
    assert found is not None
    assert found.emailed_at == NOON


def test_recording_an_email_does_not_bring_back_an_expired_voucher(vouchers: DynamoDbVouchers) -> None:
    with pytest.raises(ClientError, match="ConditionalCheckFailed"):
        vouchers.record_emailed("order-1", NOON)
    assert vouchers.of_order("order-1") is None


def test_the_table_can_expire_vouchers_and_holds_nothing_personal(vouchers: DynamoDbVouchers) -> None:
    vouchers.add(VOUCHER)
    item = vouchers.client.get_item(TableName="vouchers", Key={"order_id": {"S": "order-1"}})["Item"]
    assert item["expires_at"] == {"N": str(int(EXPIRY.timestamp()))}
    assert set(item) == {"order_id", "customer_id", "code", "amount", "currency", "issued_at", "expires_at"}


def test_the_email_goes_to_the_customer_with_code_value_and_date(ses: "SESClient") -> None:
    SesMail(ses, "promotions@example.com").send(VOUCHER, GIULIA)
    (sent,) = ses_backends[DEFAULT_ACCOUNT_ID]["eu-central-1"].sent_messages
    assert (sent.source, sent.destinations["ToAddresses"]) == ("promotions@example.com", ["giulia@example.com"])
    assert sent.subject == "2.15 EUR off your next order"
    body = text(VOUCHER, GIULIA)
    assert sent.body == body
    assert [each in body for each in (GIULIA.name, VOUCHER.code, "2.15 EUR", "21 February 2027")] == [True] * 4


def test_an_email_that_ses_refuses_is_an_error_without_the_address(ses: "SESClient") -> None:
    with pytest.raises(MailNotSent) as refused:
        SesMail(ses, "giulia@example.com").send(VOUCHER, GIULIA)
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


def test_codes_are_easy_to_type_and_never_alike() -> None:
    codes = {RandomCodes().new() for _ in range(1000)}
    assert len(codes) == 1000
    assert {len(code) for code in codes} == {14}
    assert {letter for code in codes for letter in code} == {*ALPHABET, "-"}
    assert not set("01OILUV") & set(ALPHABET)
