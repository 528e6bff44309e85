"""The lake on S3: the only file of this context's functions that knows AWS."""

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

CONFIG = Config(connect_timeout=2, read_timeout=5, retries={"mode": "standard", "total_max_attempts": 3})


class LakeUnavailable(Exception):
    """The object was not stored; trying again may help."""


@dataclass(frozen=True)
class S3Lake:
    """One bucket; objects are written whole, and the same name twice is the same content twice."""

    client: "S3Client"
    bucket: str

    def put(self, name: str, content: bytes) -> None:
        """Raises LakeUnavailable."""
        try:
            self.client.put_object(Bucket=self.bucket, Key=name, Body=content, ContentType="application/gzip")
        except (ClientError, BotoCoreError) as error:
            raise LakeUnavailable(f"{name}: {error}") from error


@cache
def s3() -> "S3Client":
    return boto3.client("s3", config=CONFIG)
