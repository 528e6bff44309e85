"""The templates' tables in memory; each request is counted by the items that it reads and writes.

Sizes and request units follow DynamoDB's on-demand rules.
"""

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from typing import Any

import boto3

from takeaway.check.templates.resolved import Deployed, Resource
from takeaway.study.costs.counting.tally import Meter
from takeaway.study.costs.units import TABLE

Item = Mapping[str, Mapping[str, Any]]
Write = tuple[Resource, Mapping[str, Any], Item | None, int]  # table, key, the item before, and a factor
WRITE_BYTES, READ_BYTES = 1024, 4096
LARGEST_NUMBER = 21
CONTAINER_BYTES, ELEMENT_BYTES = 3, 1  # a list or map is billed three bytes, and one for each element
ITEM_OVERHEAD = 100  # bytes that are billed for each item and index entry in storage
SECONDS_A_DAY = Decimal(86_400)
MADE = ("TableName", "KeySchema", "AttributeDefinitions", "BillingMode", "GlobalSecondaryIndexes")
TWICE = 2  # a write in a transaction is billed twice


@dataclass
class Tables:
    deployed: Deployed
    meter: Meter

    def __post_init__(self) -> None:
        self._unmetered = boto3.Session().client("dynamodb")
        for table in self.deployed.of(TABLE):
            self._unmetered.create_table(**{key: table.properties[key] for key in MADE if key in table.properties})

    def lifetimes(self) -> dict[str, Decimal]:
        """Return the lifetime in days of items, for tables in which every item expires."""
        found = {}
        for table in self.deployed.of(TABLE):
            attribute = table.properties.get("TimeToLiveSpecification", {}).get("AttributeName")
            items = self._unmetered.scan(TableName=table.name)["Items"]
            if attribute and items and all(attribute in item for item in items):
                latest = max(int(item[attribute]["N"]) for item in items)
                found[self.deployed.without_stage(table.name)] = (latest - int(time.time())) / SECONDS_A_DAY
        return found

    def before(self, operation: str, asked: Mapping[str, Any]) -> list[Write]:
        """Return the writes of a request, with each item as it is before."""
        if operation != "TransactWriteItems":
            return list(self._writes(operation, asked, 1))
        parts = [part for item in asked["TransactItems"] for part in item.items()]
        return [write for kind, part in parts for write in self._writes(f"{kind}Item", part, TWICE)]

    def after(self, operation: str, asked: Mapping[str, Any], answer: Mapping[str, Any], writes: list[Write]) -> None:
        for write in writes:
            self._count(*write)
        if operation in ("GetItem", "Query"):
            found = answer.get("Items", (answer.get("Item"),))
            consistent = asked.get("ConsistentRead", False)
            self.meter.add(table_reads=read_units(sum(map(size_of, found)), consistent=consistent))

    def _writes(self, operation: str, asked: Mapping[str, Any], times: int) -> Iterator[Write]:
        if operation not in ("PutItem", "UpdateItem", "DeleteItem"):
            return
        table = self.deployed.named(TABLE, asked["TableName"])
        keys = [key["AttributeName"] for key in table.properties["KeySchema"]]
        key = asked["Key"] if "Key" in asked else {name: asked["Item"][name] for name in keys}
        yield table, key, self._item(table, key), times

    def _count(self, table: Resource, key: Mapping[str, Any], before: Item | None, times: int) -> None:
        after, name = self._item(table, key), self.deployed.without_stage(table.name)
        indexes = table.properties.get("GlobalSecondaryIndexes", ())
        units, stored = {name: write_units(before, after)}, _kept(after) - _kept(before)
        for index in indexes:
            keys = tuple(each["AttributeName"] for each in index["KeySchema"])
            old, new = (_projected(item, index, {*keys, *key}) for item in (before, after))
            units[f"{name}/{index['IndexName']}"] = index_units(old, new, keys)
            stored += _kept(new) - _kept(old)
        for of, count in units.items():
            self.meter.tally.writes[of] += count * times
            self.meter.add(table_writes=count * times)
        self.meter.tally.stored[name] += stored

    def _item(self, table: Resource, key: Mapping[str, Any]) -> Item | None:
        answer = self._unmetered.get_item(TableName=table.name, Key=dict(key), ConsistentRead=True)
        return answer.get("Item")


def size_of(item: Item | None) -> int:
    """Return an item's size in bytes as DynamoDB bills it; attribute names count too."""
    return sum(len(name.encode()) + _value(value) for name, value in (item or {}).items())


def write_units(*items: Item | None) -> Decimal:
    """Return a write's request units: the larger of the items before and after counts, even if nothing changes."""
    return _units(max(map(size_of, items)), WRITE_BYTES)


def read_units(size: int, *, consistent: bool) -> Decimal:
    units = _units(size, READ_BYTES)
    return units if consistent else units / 2


def index_units(before: Item | None, after: Item | None, keys: tuple[str, ...]) -> Decimal:
    """Return the request units of a write in an index, which has the items that have its keys."""
    old, new = ((item if item and all(key in item for key in keys) else None) for item in (before, after))
    if old == new:
        return Decimal(0)
    if old and new and any(old[key] != new[key] for key in keys):  # a changed key means a delete and a put
        return write_units(old) + write_units(new)
    return write_units(old, new)


def _units(size: int, each: int) -> Decimal:
    return max((Decimal(size) / each).to_integral_value(ROUND_CEILING), Decimal(1))


def _value(value: Mapping[str, Any]) -> int:
    [(kind, content)] = value.items()
    match kind:
        case "S" | "B":
            return len(content.encode() if isinstance(content, str) else content)
        case "N":
            digits = content.lstrip("-").replace(".", "").strip("0")
            return min((len(digits) + 1) // 2 + 1, LARGEST_NUMBER)
        case "BOOL" | "NULL":
            return 1
        case "L":
            return CONTAINER_BYTES + sum(ELEMENT_BYTES + _value(each) for each in content)
        case "M":
            return CONTAINER_BYTES + ELEMENT_BYTES * len(content) + size_of(content)
        case _:  # sets
            return sum(_value({kind[0]: each}) for each in content)


def _kept(item: Item | None) -> Decimal:
    return Decimal(size_of(item) + ITEM_OVERHEAD if item else 0)


def _projected(item: Item | None, index: Mapping[str, Any], keys: set[str]) -> Item | None:
    projection = index["Projection"]
    if item is None or projection["ProjectionType"] == "ALL":
        return item
    kept = keys | {*projection.get("NonKeyAttributes", ())}
    return {name: value for name, value in item.items() if name in kept}
