"""The vouchers that promotions has issued."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from takeaway.client.target import Target

BY_CUSTOMER = "by_customer"


@dataclass(frozen=True)
class Voucher:
    """`loyalty_order` is the customer's how-manyth order it was, if the voucher is for loyalty."""

    order_id: str
    customer_id: str
    code: str
    amount: int
    currency: str
    issued_at: datetime
    expires_at: datetime
    emailed_at: datetime | None
    loyalty_order: int | None = None


@dataclass(frozen=True)
class Vouchers:
    target: Target
    table: str

    def of_order(self, order_id: str) -> Voucher | None:
        key = {"order_id": {"S": order_id}}
        found = self.target.client("dynamodb").get_item(TableName=self.table, Key=key, ConsistentRead=True)
        return _voucher(found["Item"]) if "code" in found.get("Item", {}) else None

    def all(self) -> list[Voucher]:
        """Newest last. Reads the whole table: for a person's eyes, not for millions."""
        found = self._pages("scan", FilterExpression="attribute_exists(code)")
        return sorted(found, key=lambda each: each.issued_at)

    def of_customer(self, customer_id: str) -> list[Voucher]:
        """Newest last. Reads those alone, from an index that is a moment behind the table."""
        return list(
            self._pages(
                "query",
                IndexName=BY_CUSTOMER,
                KeyConditionExpression="customer_id = :customer",
                ExpressionAttributeValues={":customer": {"S": customer_id}},
            )
        )

    def _pages(self, operation: Literal["scan", "query"], **arguments: Any) -> Iterator[Voucher]:
        paginator: Any = self.target.client("dynamodb").get_paginator(operation)
        for page in paginator.paginate(TableName=self.table, **arguments):
            yield from map(_voucher, page["Items"])


def _voucher(item: dict[str, Any]) -> Voucher:
    return Voucher(
        order_id=item["order_id"]["S"],
        customer_id=item["customer_id"]["S"],
        code=item["code"]["S"],
        amount=int(item["amount"]["N"]),
        currency=item["currency"]["S"],
        issued_at=datetime.fromisoformat(item["issued_at"]["S"]),
        expires_at=_expires_at(item),
        emailed_at=datetime.fromisoformat(item["emailed_at"]["S"]) if "emailed_at" in item else None,
        loyalty_order=int(item["loyalty_order"]["N"]) if "loyalty_order" in item else None,
    )


def _expires_at(item: dict[str, Any]) -> datetime:
    if "valid_until" in item:
        return datetime.fromisoformat(item["valid_until"]["S"])
    return datetime.fromtimestamp(int(item["expires_at"]["N"]), tz=UTC)  # issued by an earlier version
