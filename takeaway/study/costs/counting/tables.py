"""The tables of the templates, in memory; each request to one is metered by what it finds and what it leaves."""

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import boto3

from takeaway.check.templates.resolved import Deployed, Resource
from takeaway.study.costs.counting.functions import Functions
from takeaway.study.costs.counting.request_units import Item, index_units, read_units, size_of, write_units
from takeaway.study.costs.units import Units

TABLE = "AWS::DynamoDB::Table"
ITEM_OVERHEAD = 100  # bytes that the service adds to each item and index entry when it bills storage
SECONDS_A_DAY = Decimal(86_400)
MADE = ("TableName", "KeySchema", "AttributeDefinitions", "BillingMode", "GlobalSecondaryIndexes")


@dataclass(frozen=True)
class Write:
    """A write that is on its way, and the item as it is before it."""

    table: Resource
    key: Mapping[str, Any]
    before: Item | None
    times: int  # a transaction counts twice


class Tables:
    def __init__(self, deployed: Deployed, functions: Functions) -> None:
        self._deployed, self._functions = deployed, functions
        self._unmetered = boto3.Session().client("dynamodb")
        for table in deployed.of(TABLE):
            self._unmetered.create_table(**{key: table.properties[key] for key in MADE if key in table.properties})

    def lifetimes(self) -> dict[str, Decimal]:
        """The days after which an item goes by itself, for tables whose items all do."""
        found = {}
        for table in self._deployed.of(TABLE):
            attribute = table.properties.get("TimeToLiveSpecification", {}).get("AttributeName")
            items = self._unmetered.scan(TableName=table.name)["Items"]
            if attribute and items and all(attribute in item for item in items):
                latest = max(int(item[attribute]["N"]) for item in items)
                found[self._deployed.without_stage(table.name)] = (latest - int(time.time())) / SECONDS_A_DAY
        return found

    def before(self, operation: str, asked: Mapping[str, Any]) -> list[Write]:
        return [
            Write(table, key, self._item(table, key), times)
            for name, key, times in _writes(operation, asked, self._keys)
            for table in (self._deployed.named(TABLE, name),)
        ]

    def after(self, operation: str, asked: Mapping[str, Any], answer: Mapping[str, Any], writes: list[Write]) -> None:
        for write in writes:
            self._count_write(write)
        if operation == "GetItem":
            units = read_units(size_of(answer.get("Item")), consistent=asked.get("ConsistentRead", False))
            self._functions.add(Units(table_reads=units))
        elif operation == "Query":
            size = sum(size_of(item) for item in answer.get("Items", ()))
            self._functions.add(Units(table_reads=read_units(size, consistent=asked.get("ConsistentRead", False))))

    def _count_write(self, write: Write) -> None:
        after = self._item(write.table, write.key)
        name = self._deployed.without_stage(write.table.name)
        self._add(name, write_units(write.before, after) * write.times)
        indexes = write.table.properties.get("GlobalSecondaryIndexes", ())
        for index in indexes:
            keys = tuple(key["AttributeName"] for key in index["KeySchema"])
            old, new = (_projected(item, index, [*keys, *write.key]) for item in (write.before, after))
            self._add(f"{name}/{index['IndexName']}", index_units(old, new, keys) * write.times)
        grown = (_kept(after) - _kept(write.before)) * (1 + len(indexes))
        self._functions.tally.stored[name] += grown

    def _add(self, name: str, units: Decimal) -> None:
        if units:
            self._functions.tally.writes[name] += units
            self._functions.add(Units(table_writes=units))

    def _item(self, table: Resource, key: Mapping[str, Any]) -> Item | None:
        found: Item | None = self._unmetered.get_item(TableName=table.name, Key=dict(key), ConsistentRead=True).get(
            "Item"
        )
        return found

    def _keys(self, table: str) -> list[str]:
        schema = self._deployed.named(TABLE, table).properties["KeySchema"]
        return [key["AttributeName"] for key in schema]


def _kept(item: Item | None) -> Decimal:
    return Decimal(size_of(item) + ITEM_OVERHEAD if item else 0)


def _projected(item: Item | None, index: Mapping[str, Any], keys: list[str]) -> Item | None:
    projection = index["Projection"]
    if item is None or projection["ProjectionType"] == "ALL":
        return item
    kept = {*keys, *projection.get("NonKeyAttributes", ())}
    return {name: value for name, value in item.items() if name in kept}


def _writes(
    operation: str, asked: Mapping[str, Any], keys_of: Callable[[str], list[str]]
) -> Iterator[tuple[str, Mapping[str, Any], int]]:
    """Table, key and weight of each item that a request writes."""
    if operation == "PutItem":
        yield asked["TableName"], {key: asked["Item"][key] for key in keys_of(asked["TableName"])}, 1
    elif operation in ("UpdateItem", "DeleteItem"):
        yield asked["TableName"], asked["Key"], 1
    elif operation == "TransactWriteItems":
        for part in asked["TransactItems"]:
            [(kind, each)] = part.items()
            for table, key, _ in _writes(f"{kind}Item", each, keys_of):
                yield table, key, 2
