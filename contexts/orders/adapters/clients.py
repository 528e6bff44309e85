"""AWS clients: one of each per function. A call at its worst (15 s) ends before its function does."""

from typing import Any

import boto3
from botocore.config import Config

CONFIG = Config(
    connect_timeout=1,
    read_timeout=3,
    retries={"mode": "standard", "total_max_attempts": 3},
)


def client(service: str) -> Any:
    """A client for a service, such as "dynamodb"; boto3 takes its endpoint and region from the environment."""
    return boto3.client(service, config=CONFIG)  # type: ignore[call-overload]
