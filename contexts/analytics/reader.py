"""The operator's view of the lake: whole objects, and no more of them than asked for."""

import gzip
import json
import logging
import zlib
from collections.abc import Callable, Collection, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from contexts.analytics import zones
from contexts.analytics.ports import Lake
from shared.reading import Connect, Output, Trace

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

OF_A_CUSTOMER = "ids of orders and amounts, nothing of a person"  # `takeaway forget` tells that these stay

AT_ONCE = 8
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Line:
    """An event as the lake has it, with the object in which it lies."""

    event_id: str
    event_type: str
    order_id: str
    occurred_at: datetime
    stored_at: datetime
    object: str


@dataclass(frozen=True)
class LakeReader:
    """Reads the lake's raw zone for operators."""

    client: "S3Client"
    bucket: str
    keeps: str = "line in the lake"
    searched: str = "the lake"

    def traces_of(self, order_id: str, days: Collection[date]) -> list[Trace]:
        """Return what analytics did about an order.

        Reads every object of these days, because no object is about one order.
        """
        return [
            # S3 has an object's time in whole seconds, which may be just before the event happened.
            Trace(
                max(line.stored_at, line.occurred_at),
                f"keeps {line.event_type} in the lake",
                place=line.object,
                heard=line.event_type,
            )
            for line in self.lines(days)
            if line.order_id == order_id
        ]

    def lines(self, days: Iterable[date], *, since: datetime | None = None) -> list[Line]:
        """Return every line of the objects of these days, or of those stored `since`.

        An event that was delivered twice is there twice. An object that can't be read is left out, and named in the log
        of this process, on standard error.
        """
        stored_since = since.replace(microsecond=0) if since else datetime.min.replace(tzinfo=UTC)  # whole seconds
        found = [(key, at) for key, at in self._objects(days) if at >= stored_since]
        with ThreadPoolExecutor(AT_ONCE) as pool:
            contents = list(pool.map(self._content, (key for key, _ in found)))
        return [
            line
            for (key, stored_at), content in zip(found, contents, strict=True)
            for line in _lines(content, key, stored_at)
        ]

    def as_lake(self) -> Lake:
        """Return the lake as compaction and report use it, for a report that is made outside of AWS."""
        from contexts.analytics.lake import S3Lake  # noqa: PLC0415 - imported only by those who make a report

        return S3Lake(self.client, self.bucket)

    def add(self, folder: Path) -> int:
        """Copy the raw objects of a lake in a folder into this one, then their markers. Returns the number of objects.

        Markers come last because a marker promises that its object can be read.
        """
        lake = self.as_lake()

        def put(file: Path) -> None:
            lake.add(str(file.relative_to(folder)), file.read_bytes())

        files = [[file for file in (folder / zone).rglob("*") if file.is_file()] for zone in (zones.RAW, zones.NEW)]
        for zone in files:
            _at_once(put, zone)
        return len(files[0])

    def _objects(self, days: Iterable[date]) -> Iterator[tuple[str, datetime]]:
        """Yield the raw objects of these days, with their times. Objects of other names are ignored."""
        listed = self.client.get_paginator("list_objects_v2")
        pages = listed.paginate(Bucket=self.bucket, Prefix=zones.RAW, Delimiter="/")
        types = [each["Prefix"] for page in pages for each in page.get("CommonPrefixes", [])]
        for prefix in (zones.part(kind, day.isoformat()) for day in sorted({*days}) for kind in types):
            for page in listed.paginate(Bucket=self.bucket, Prefix=prefix):
                stored = {each["Key"]: each["LastModified"].astimezone(UTC) for each in page.get("Contents", [])}
                yield from ((key, stored[key]) for key in zones.ours(stored))

    def _content(self, key: str) -> bytes:
        content: bytes = self.client.get_object(Bucket=self.bucket, Key=key)["Body"].read()
        return content


def _at_once(task: Callable[[Any], None], items: Iterable[Any]) -> None:
    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(task, items))


def _lines(content: bytes, key: str, stored_at: datetime) -> list[Line]:
    try:
        records = map(json.loads, gzip.decompress(content).decode().splitlines())
        return [_line(record, key, stored_at) for record in records]
    except (OSError, EOFError, zlib.error, ValueError, KeyError, TypeError, RecursionError) as error:
        logger.warning("%s can't be read: %s", key, str(error) or type(error).__name__)
        return []


def _line(record: dict[str, Any], key: str, stored_at: datetime) -> Line:
    return Line(
        event_id=record["event_id"],
        event_type=record["event_type"],
        order_id=record["order_id"],
        occurred_at=datetime.fromisoformat(record["occurred_at"]),
        stored_at=stored_at,
        object=key,
    )


def reader(connect: Connect, output: Output) -> LakeReader:
    return LakeReader(connect("s3"), output("LakeBucket"))
