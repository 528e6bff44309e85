"""The tables of promotions at moto, empty for each test that asks for them."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from moto import mock_aws

from contexts.promotions.adapters.dynamodb_counted_orders import DynamoDBCountedOrders
from tests.fakes.aws import client as aws_client

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    with mock_aws():
        yield


@pytest.fixture
def client(aws: None) -> "DynamoDBClient":
    client = aws_client("dynamodb")
    for table, key in (("vouchers", "order_id"), ("loyalty", "customer_id")):
        client.create_table(
            TableName=table,
            KeySchema=[{"AttributeName": key, "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )
    return client


@pytest.fixture
def orders(client: "DynamoDBClient") -> DynamoDBCountedOrders:
    return DynamoDBCountedOrders(client, "vouchers", "loyalty")
