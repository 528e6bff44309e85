"""The lake on S3: the only file of this context's functions that calls AWS."""

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from contexts.analytics import zones
from contexts.analytics.ports import Conflict, LakeUnavailable

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

AT_ONCE = 16
CONFIG = Config(
    connect_timeout=1,
    read_timeout=6,
    max_pool_connections=AT_ONCE,
    retries={"mode": "standard", "total_max_attempts": 3},
)
LISTED_AT_ONCE = DELETED_AT_ONCE = 1000  # the most that one call takes
NOT_THERE = ("NoSuchKey", "404")
CHANGED, AT_THE_SAME_TIME = "PreconditionFailed", "ConditionalRequestConflict"
KINDS = {".gz": "application/gzip", ".html": "text/html; charset=utf-8", ".json": "application/json"}


@dataclass(frozen=True)
class S3Lake:
    """Implements the port Lake with one bucket."""

    client: "S3Client"
    bucket: str

    def put(self, name: str, content: bytes) -> None:
        self._put(name, content)

    def add(self, name: str, content: bytes) -> None:
        try:
            self._put(name, content, IfNoneMatch="*")
        except _AtTheSameTime as error:  # two writers at once: perhaps neither has written, so try again
            raise LakeUnavailable(str(error)) from error
        except Conflict:
            return

    def names(self, prefix: str, *, most: int | None = None) -> list[str]:
        return [name for name, _ in islice(self._listed(prefix, most), most)]

    def versions(self, prefix: str) -> dict[str, str]:
        return dict(self._listed(prefix))

    def fetch(self, names: Iterable[str], folder: Path) -> list[Path]:
        with ThreadPoolExecutor(AT_ONCE) as pool:
            return [file for file in pool.map(lambda name: self._fetch(name, folder), names) if file is not None]

    def version(self, name: str) -> str | None:
        try:
            with _failing_as(name):
                return self.client.head_object(Bucket=self.bucket, Key=name)["ETag"]
        except _NotThere:
            return None

    def replace(self, name: str, file: Path, *, expected: str | None) -> None:
        condition: Any = {"IfNoneMatch": "*"} if expected is None else {"IfMatch": expected}
        try:
            with _failing_as(name), file.open("rb") as content:
                self.client.put_object(Bucket=self.bucket, Key=name, Body=content, **condition)
        except _NotThere:  # deleted since its version was read
            raise Conflict(name) from None

    def delete(self, names: Iterable[str]) -> None:
        listed = list(names)
        for start in range(0, len(listed), DELETED_AT_ONCE):
            keys: Any = [{"Key": name} for name in listed[start : start + DELETED_AT_ONCE]]
            with _failing_as(f"{len(keys)} objects"):
                errors = self.client.delete_objects(Bucket=self.bucket, Delete={"Objects": keys, "Quiet": True})
            for error in errors.get("Errors", ()):
                raise LakeUnavailable(f"{error.get('Key')}: {error.get('Code')}")

    def _listed(self, prefix: str, most: int | None = None) -> Iterator[tuple[str, str]]:
        """Yield names and versions, reading pages only as large as needed."""
        pages = self.client.get_paginator("list_objects_v2").paginate(
            Bucket=self.bucket,
            Prefix=prefix,
            PaginationConfig={"PageSize": min(most or LISTED_AT_ONCE, LISTED_AT_ONCE)},
        )
        with _failing_as(prefix):
            for page in pages:
                yield from ((found["Key"], found["ETag"]) for found in page.get("Contents", ()))

    def _put(self, name: str, content: bytes, **condition: Any) -> None:
        kind = KINDS.get(Path(name).suffix, "application/octet-stream")
        with _failing_as(name):
            self.client.put_object(Bucket=self.bucket, Key=name, Body=content, ContentType=kind, **condition)

    def _fetch(self, name: str, folder: Path) -> Path | None:
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        try:
            with _failing_as(name):
                if name.startswith(zones.RAW):  # many small objects: a transfer would first ask for each one's size
                    file.write_bytes(self.client.get_object(Bucket=self.bucket, Key=name)["Body"].read())
                else:
                    self.client.download_file(self.bucket, name, str(file))
        except _NotThere:
            return None
        return file


class _NotThere(LakeUnavailable):
    pass


class _AtTheSameTime(Conflict):
    """Another request is writing the object at the same time; which of them succeeds is not known yet."""


@contextmanager
def _failing_as(what: str) -> Iterator[None]:
    """Turn errors of AWS into those of the port."""
    try:
        yield
    except ClientError as error:
        code = error.response.get("Error", {}).get("Code", "")
        kinds = dict.fromkeys(NOT_THERE, _NotThere) | {CHANGED: Conflict, AT_THE_SAME_TIME: _AtTheSameTime}
        raise kinds.get(code, LakeUnavailable)(f"{what}: {error}") from error
    except BotoCoreError as error:
        raise LakeUnavailable(f"{what}: {error}") from error


@cache
def s3() -> "S3Client":
    return boto3.client("s3", config=CONFIG)
