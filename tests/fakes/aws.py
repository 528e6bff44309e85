"""AWS as moto imitates it. Clients are made once, because each one reads large files."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import boto3
from botocore.config import Config
from moto.core import DEFAULT_ACCOUNT_ID  # imported before any client is made: an earlier one would call the real AWS
from moto.s3.models import s3_backends


@cache
def client(service: str, region: str = "eu-central-1") -> Any:
    """Return a client for use within `mock_aws`, which begins empty each time; AWS_ENDPOINT_URL is ignored."""
    return _session().client(
        service,
        region_name=region,
        config=Config(ignore_configured_endpoint_urls=True),  # type: ignore[call-arg]
    )


def filled(bucket: str, names: Iterable[str], content: bytes = b"") -> None:
    """Put objects into moto's bucket directly, because a request for each would only take time."""
    for name in names:
        s3_backends[DEFAULT_ACCOUNT_ID]["aws"].put_object(bucket, name, content)


@contextmanager
def counted(client: Any) -> Iterator[list[str]]:
    """Return the operations that this client is asked for within the block."""
    asked: list[str] = []

    def ask(model: Any, **_: Any) -> None:
        asked.append(model.name)

    client.meta.events.register("before-call", ask)
    try:
        yield asked
    finally:
        client.meta.events.unregister("before-call", ask)


@cache
def _session() -> boto3.Session:
    return boto3.Session(aws_access_key_id="test", aws_secret_access_key="test")
