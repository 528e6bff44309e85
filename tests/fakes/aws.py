"""AWS as moto has it. What is dear is made once: a client reads large files."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import boto3
from botocore.config import Config
from moto.core import DEFAULT_ACCOUNT_ID  # moto before any client: those that are made earlier would ask the real AWS
from moto.s3.models import s3_backends


@cache
def client(service: str, region: str = "eu-central-1") -> Any:
    """To be used within `mock_aws`, which begins empty each time; wherever AWS_ENDPOINT_URL points."""
    return _session().client(
        service,
        region_name=region,
        config=Config(ignore_configured_endpoint_urls=True),  # type: ignore[call-arg]
    )


def filled(bucket: str, names: Iterable[str], content: bytes = b"") -> None:
    """Objects that are there already, put into moto's own bucket: a request for each says nothing more."""
    for name in names:
        s3_backends[DEFAULT_ACCOUNT_ID]["aws"].put_object(bucket, name, content)


@contextmanager
def counted(client: Any) -> Iterator[list[str]]:
    """The operations that this client is asked for within the block."""
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
