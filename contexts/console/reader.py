"""The journal as people look at it: what crossed the boundaries, by order or as it comes."""

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

OF_A_CUSTOMER = "the customer's id, for 30 days"  # for `takeaway forget`, which erases none of it

BY_DAY = "by-day"
# Several functions write at once, so an entry may turn up a little after a later one.
OVERLAP = timedelta(seconds=5)
# And clocks differ: this far behind nothing new turns up, so of a quiet system not all its days are asked for again.
LATEST = timedelta(hours=1)


@dataclass(frozen=True)
class Entry(journal.Entry):
    """`recorded_at` is when the journal heard of it."""

    recorded_at: datetime


@dataclass(frozen=True)
class JournalReader:
    client: "DynamoDBClient"
    table: str

    def of_order(self, order_id: str) -> list[Entry]:
        """In the order of happening."""
        pages = self._query(
            KeyConditionExpression="order_id = :order",
            ExpressionAttributeValues={":order": {"S": order_id}},
            ConsistentRead=True,
        )
        return list(pages)

    def since(self, start: datetime, *, until: datetime | None = None, most: int | None = None) -> list[Entry]:
        """What was recorded from `start` on, in the order of recording: the newest, if no more than `most` are wanted.

        Nothing is looked for that is not kept any more.
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
    """Entries that were not seen before, each time it is asked."""

    def __init__(self, journal: JournalReader, start: datetime) -> None:
        self._journal, self._start = journal, start
        self._seen: dict[str, datetime] = {}

    def new(self, *, most: int | None = None) -> list[Entry]:
        """If there are more than `most`, the newest; those before are not told any more."""
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
