"""The journal's table; the only file of the console's function that calls AWS."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING

import boto3
from botocore.config import Config

from contexts.console.journal import Entry

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

# Shorter than the function's timeout, so that a failure is reported; then the queue delivers the message again.
CONFIG = Config(connect_timeout=1, read_timeout=2, retries={"mode": "standard", "total_max_attempts": 3})


@dataclass(frozen=True)
class JournalTable:
    client: "DynamoDBClient"
    name: str

    def record(self, entry: Entry, at: datetime) -> bool:
        """Write an entry once. Returns False if it is there already."""
        try:
            self.client.put_item(
                TableName=self.name, Item=entry.item(at), ConditionExpression="attribute_not_exists(order_id)"
            )
        except self.client.exceptions.ConditionalCheckFailedException:
            return False
        return True


@cache
def dynamodb() -> "DynamoDBClient":
    return boto3.client("dynamodb", config=CONFIG)
