"""AWS clients, one per service and function instance.

The timeouts let a call take 15 s at worst, so that it ends, and is logged, before its function times out.
"""

from typing import Any

import boto3
from botocore.config import Config

CONFIG = Config(
    connect_timeout=1,
    read_timeout=3,
    retries={"mode": "standard", "total_max_attempts": 3},
)


def client(service: str) -> Any:
    """Make a client for a service, such as "dynamodb". boto3 takes endpoint and region from the environment."""
    return boto3.client(service, config=CONFIG)  # type: ignore[call-overload]
