"""Vouchers as an operator reads them, written by promotions itself."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from moto import mock_aws

from contexts.promotions.adapters.dynamodb_counted_orders import DynamoDBCountedOrders
from contexts.promotions.adapters.dynamodb_email_claims import DynamoDBEmailClaims
from contexts.promotions.domain import voucher as promotions
from contexts.promotions.domain.money import Money
from contexts.promotions.reader import BY_CUSTOMER, Voucher, VouchersReader, reader
from shared.reading import Trace
from tests.fakes import aws

NOON = datetime(2026, 11, 23, 12, 0, 0, 250_000, tzinfo=UTC)
EXPIRY = NOON + timedelta(days=7)


@pytest.fixture
def written() -> Iterator[DynamoDBCountedOrders]:
    with mock_aws():
        client = aws.client("dynamodb")
        client.create_table(
            TableName="vouchers",
            KeySchema=[{"AttributeName": "order_id", "KeyType": "HASH"}],
            AttributeDefinitions=[
                {"AttributeName": name, "AttributeType": "S"} for name in ("order_id", "customer_id", "issued_at")
            ],
            GlobalSecondaryIndexes=[
                {
                    "IndexName": BY_CUSTOMER,
                    "KeySchema": [
                        {"AttributeName": "customer_id", "KeyType": "HASH"},
                        {"AttributeName": "issued_at", "KeyType": "RANGE"},
                    ],
                    "Projection": {"ProjectionType": "ALL"},
                }
            ],
            BillingMode="PAY_PER_REQUEST",
        )
        client.create_table(
            TableName="loyalty",
            KeySchema=[{"AttributeName": "customer_id", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "customer_id", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )
        yield DynamoDBCountedOrders(client, "vouchers", "loyalty")


@pytest.fixture
def vouchers(written: DynamoDBCountedOrders) -> VouchersReader:
    return reader(aws.client, {"VouchersTable": "vouchers"}.__getitem__)


def earn(
    written: DynamoDBCountedOrders, order_id: str, customer_id: str, *, minutes: int = 0, loyal: bool = False
) -> None:
    number = written.number_of(customer_id) + 1
    earned = promotions.Voucher(
        order_id=order_id,
        customer_id=customer_id,
        code=f"CODE-{order_id}",
        value=Money(215, "EUR"),
        issued_at=NOON + timedelta(minutes=minutes),
        expires_at=EXPIRY,
        loyalty_order=number if loyal else None,
    )
    written.count(
        promotions.CompletedOrder(order_id, customer_id, Money(2150, "EUR"), NOON), number=number, earned=earned
    )


def earn_nothing(written: DynamoDBCountedOrders, order_id: str, customer_id: str) -> None:
    order = promotions.CompletedOrder(order_id, customer_id, Money(1, "EUR"), NOON)
    number = written.number_of(customer_id) + 1
    written.count(order, number=number, earned=promotions.NoVoucher.BELOW_MINIMUM_BASKET)


def test_a_voucher_is_read_as_promotions_wrote_it(written: DynamoDBCountedOrders, vouchers: VouchersReader) -> None:
    earn_nothing(written, "order-1", "anna")
    earn(written, "order-2", "anna", loyal=True)
    read = Voucher("order-2", "anna", "CODE-order-2", 215, "EUR", NOON, EXPIRY, None, loyalty_order=2)
    assert vouchers.of_order("order-2") == read
    DynamoDBEmailClaims(written.client, "vouchers").record_sent("order-2", NOON)
    assert vouchers.of_order("order-2") == replace(read, emailed_at=NOON)


def test_an_order_that_earned_none_or_is_not_known_has_no_voucher(
    written: DynamoDBCountedOrders, vouchers: VouchersReader
) -> None:
    earn_nothing(written, "order-1", "anna")
    assert (vouchers.of_order("order-1"), vouchers.of_order("order-2"), vouchers.all()) == (None, None, [])
    assert vouchers.traces_of("order-1", ()) == []


def test_what_is_told_of_an_order_is_its_voucher_and_the_word_that_its_e_mail_has(
    written: DynamoDBCountedOrders, vouchers: VouchersReader
) -> None:
    earn(written, "order-1", "anna")
    told = Trace(NOON, "issues voucher CODE-order-1", known_as="CODE-order-1", heard="order_completed")
    assert vouchers.traces_of("order-1", ()) == [told]


def test_all_vouchers_are_listed_newest_last(written: DynamoDBCountedOrders, vouchers: VouchersReader) -> None:
    for minutes, order_id in ((2, "order-1"), (0, "order-2"), (1, "order-3")):
        earn(written, order_id, "anna", minutes=minutes)
    earn_nothing(written, "order-4", "anna")
    assert [voucher.order_id for voucher in vouchers.all()] == ["order-2", "order-3", "order-1"]


@pytest.mark.parametrize(("orders", "are_all"), [(2, True), (3, True), (4, False), (9, False)])
def test_a_look_at_vouchers_is_one_request_however_many_there_are_and_says_whether_these_are_all(
    written: DynamoDBCountedOrders,
    vouchers: VouchersReader,
    monkeypatch: pytest.MonkeyPatch,
    orders: int,
    are_all: bool,
) -> None:
    monkeypatch.setattr("contexts.promotions.reader.ORDERS_OF_A_LOOK", 3)
    earn_nothing(written, "order-0", "anna")
    for number in range(1, orders):
        earn(written, f"order-{number}", "anna", minutes=-number)
    with aws.counted(vouchers.client) as asked:
        found, all_of_them = vouchers.some()
    assert (asked, all_of_them) == (["Scan"], are_all)
    assert found == sorted(found, key=lambda each: each.issued_at)
    if are_all:
        assert found == vouchers.all()


def test_the_vouchers_of_a_customer_are_listed_newest_last_and_nobody_elses(
    written: DynamoDBCountedOrders, vouchers: VouchersReader
) -> None:
    earn(written, "order-1", "anna", minutes=2)
    earn(written, "order-2", "bela")
    earn(written, "order-3", "anna", minutes=1)
    earn_nothing(written, "order-4", "anna")
    assert [voucher.order_id for voucher in vouchers.of_customer("anna")] == ["order-3", "order-1"]
    assert vouchers.of_customer("ann") == []


def test_more_vouchers_of_a_customer_than_fit_on_a_page_are_all_listed(
    written: DynamoDBCountedOrders, vouchers: VouchersReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("moto.dynamodb.models.table.RESULT_SIZE_LIMIT", 1000)
    for number in range(20):
        earn(written, f"order-{number}", "anna", minutes=number)
    page = written.client.query(
        TableName="vouchers",
        IndexName=BY_CUSTOMER,
        KeyConditionExpression="customer_id = :customer",
        ExpressionAttributeValues={":customer": {"S": "anna"}},
    )
    assert "LastEvaluatedKey" in page
    assert len(vouchers.of_customer("anna")) == 20


def test_a_voucher_of_an_earlier_version_is_valid_until_it_is_forgotten(
    written: DynamoDBCountedOrders, vouchers: VouchersReader
) -> None:
    earn(written, "order-1", "anna")
    written.client.update_item(
        TableName="vouchers", Key={"order_id": {"S": "order-1"}}, UpdateExpression="REMOVE valid_until, #number",
        ExpressionAttributeNames={"#number": "number"},
    )  # fmt: skip
    (voucher,) = vouchers.all()
    assert voucher.expires_at == datetime(2027, 2, 21, 12, 0, 1, tzinfo=UTC)
