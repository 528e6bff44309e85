"""Clients of AWS, or of the engine that AWS_ENDPOINT_URL names.

Their timeouts are shorter than the function's, so that a failure is reported before the function is stopped.
"""

from functools import cache
from typing import TYPE_CHECKING

import boto3
from botocore.config import Config

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient
    from types_boto3_ses import SESClient

# Three attempts of three seconds at worst fit into the function's timeout; then the queue delivers the message again.
QUICK = Config(connect_timeout=1, read_timeout=2, retries={"mode": "standard", "total_max_attempts": 3})
# Longer, because an e-mail whose answer comes too late was sent all the same, and would be sent again.
PATIENT = QUICK.merge(Config(read_timeout=6))


@cache
def dynamodb() -> "DynamoDBClient":
    return boto3.client("dynamodb", config=QUICK)


@cache
def ses() -> "SESClient":
    return boto3.client("ses", config=PATIENT)
