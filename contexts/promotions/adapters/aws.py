"""Clients of AWS, or of whatever engine AWS_ENDPOINT_URL names, that give up well before their function does."""

from functools import cache
from typing import TYPE_CHECKING

import boto3
from botocore.config import Config

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient
    from types_boto3_ses import SESClient

# Three tries of three seconds at worst fit into the function's timeout; the queue tries again after that.
QUICK = Config(connect_timeout=1, read_timeout=2, retries={"mode": "standard", "total_max_attempts": 3})
# An e-mail whose answer is not waited for may have been sent all the same, and the next try sends it again.
PATIENT = QUICK.merge(Config(read_timeout=6))


@cache
def dynamodb() -> "DynamoDBClient":
    return boto3.client("dynamodb", config=QUICK)


@cache
def ses() -> "SESClient":
    return boto3.client("ses", config=PATIENT)
