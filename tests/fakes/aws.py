"""AWS as moto has it. What is dear is made once: a client reads large files."""

from functools import cache
from typing import Any

import boto3
import moto.core  # noqa: F401 - clients that are made before it would ask the real AWS
from botocore.config import Config


@cache
def client(service: str, region: str = "eu-central-1") -> Any:
    """To be used within `mock_aws`, which begins empty each time; wherever AWS_ENDPOINT_URL points."""
    return _session().client(
        service,
        region_name=region,
        config=Config(ignore_configured_endpoint_urls=True),  # type: ignore[call-arg]
    )


@cache
def _session() -> boto3.Session:
    return boto3.Session(aws_access_key_id="test", aws_secret_access_key="test")
