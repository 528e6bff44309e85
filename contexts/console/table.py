"""The journal's table; the only place of the console that knows AWS."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING

import boto3
from botocore.config import Config

from contexts.console.journal import Entry

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

# Well before its function gives up; the queue tries again after that.
CONFIG = Config(connect_timeout=1, read_timeout=2, retries={"mode": "standard", "total_max_attempts": 3})


@dataclass(frozen=True)
class JournalTable:
    client: "DynamoDBClient"
    name: str

    def record(self, entry: Entry, at: datetime) -> bool:
        """Write an entry once; False when it is there already."""
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
