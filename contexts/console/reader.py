"""The operator's view of the journal: what crossed the boundaries, by order or by time."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING, Any

from contexts.console import journal
from contexts.console.journal import KEPT_FOR, PARTS_OF_A_DAY, part_of
from shared.reading import Connect, Output

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

OF_A_CUSTOMER = "the customer's id, for 30 days"  # `takeaway forget` tells that it stays

BY_DAY = "by-day"
# Several functions write at once, so an entry may appear a little after one that was recorded later.
OVERLAP = timedelta(seconds=5)
# No entry appears later than this, even if clocks differ, so a reader who follows a quiet system reads no older days.
LATEST = timedelta(hours=1)


@dataclass(frozen=True)
class Entry(journal.Entry):
    """An entry of the journal, with the time `recorded_at` at which it was written."""

    recorded_at: datetime


@dataclass(frozen=True)
class JournalReader:
    """Reads the journal for operators."""

    client: "DynamoDBClient"
    table: str

    def of_order(self, order_id: str) -> list[Entry]:
        """Return the entries of an order, in the order of happening."""
        pages = self._query(
            KeyConditionExpression="order_id = :order",
            ExpressionAttributeValues={":order": {"S": order_id}},
            ConsistentRead=True,
        )
        return list(pages)

    def since(self, start: datetime, *, until: datetime | None = None, most: int | None = None) -> list[Entry]:
        """Return the entries recorded from `start` on, in the order of recording: at most the newest `most`.

        Days whose entries have expired are not read.
        """
        last = (until or datetime.now(UTC)).date()
        days = min((last - start.date()).days, KEPT_FOR.days + 1)
        entries: list[Entry] = []
        for day in (last - timedelta(days=number) for number in range(days + 1)):
            if most is not None and len(entries) >= most:
                break
            for part in range(PARTS_OF_A_DAY):
                found = self._query(
                    PaginationConfig={"PageSize": most},
                    ScanIndexForward=False,
                    IndexName=BY_DAY,
                    KeyConditionExpression="#day = :day AND recorded >= :start",
                    ExpressionAttributeNames={"#day": "day"},
                    ExpressionAttributeValues={
                        ":day": {"S": part_of(day.isoformat(), part)},
                        ":start": {"S": start.astimezone(UTC).isoformat(timespec="microseconds")},
                    },
                )
                entries += islice(found, most)
        entries.sort(key=lambda entry: entry.recorded_at)
        return entries if most is None else entries[-most:]

    def following(self, start: datetime) -> "Following":
        return Following(self, start)

    def _query(self, **query: Any) -> Iterator[Entry]:
        pages = self.client.get_paginator("query").paginate(TableName=self.table, **query)
        for page in pages:
            yield from map(_entry, page["Items"])


class Following:
    """Gives the new entries each time it is asked, and none twice."""

    def __init__(self, journal: JournalReader, start: datetime) -> None:
        self._journal, self._start = journal, start
        self._seen: dict[str, datetime] = {}

    def new(self, *, most: int | None = None) -> list[Entry]:
        """Return entries that were not returned before.

        If there are more than `most`, only the newest; those before are never returned.
        """
        asked = datetime.now(UTC)
        entries = [entry for entry in self._journal.since(self._start, most=most) if entry.id not in self._seen]
        self._seen |= {entry.id: entry.recorded_at for entry in entries}
        if self._seen:
            self._start = max(self._start, max(self._seen.values()) - OVERLAP)
            self._seen = {id_: at for id_, at in self._seen.items() if at >= self._start}
        self._start = max(self._start, asked - LATEST)
        return entries


def _entry(item: dict[str, Any]) -> Entry:
    at, _, id_ = item["entry"]["S"].partition("#")
    recorded_at, _, _ = item["recorded"]["S"].partition("#")
    return Entry(
        order_id=item["order_id"]["S"],
        id=id_,
        kind=item["kind"]["S"],
        name=item["name"]["S"],
        at=datetime.fromisoformat(at),
        recorded_at=datetime.fromisoformat(recorded_at),
        content=json.loads(item["content"]["S"]),
        caused_by=item["caused_by"]["S"] if "caused_by" in item else None,
    )


def reader(connect: Connect, output: Output) -> JournalReader:
    return JournalReader(connect("dynamodb"), output("JournalTable"))
