"""The vouchers that promotions has issued."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from takeaway.client.target import Target


@dataclass(frozen=True)
class Voucher:
    order_id: str
    customer_id: str
    code: str
    amount: int
    currency: str
    issued_at: datetime
    expires_at: datetime
    emailed_at: datetime | None


@dataclass(frozen=True)
class Vouchers:
    target: Target
    table: str

    def of_order(self, order_id: str) -> Voucher | None:
        key = {"order_id": {"S": order_id}}
        found = self.target.client("dynamodb").get_item(TableName=self.table, Key=key, ConsistentRead=True)
        return _voucher(found["Item"]) if "Item" in found else None

    def all(self) -> list[Voucher]:
        """Newest last. Reads the whole table: for a person's eyes, not for millions."""
        pages = self.target.client("dynamodb").get_paginator("scan").paginate(TableName=self.table)
        return sorted((_voucher(item) for page in pages for item in page["Items"]), key=lambda each: each.issued_at)


def _voucher(item: dict[str, Any]) -> Voucher:
    return Voucher(
        order_id=item["order_id"]["S"],
        customer_id=item["customer_id"]["S"],
        code=item["code"]["S"],
        amount=int(item["amount"]["N"]),
        currency=item["currency"]["S"],
        issued_at=datetime.fromisoformat(item["issued_at"]["S"]),
        expires_at=datetime.fromtimestamp(int(item["expires_at"]["N"]), tz=UTC),
        emailed_at=datetime.fromisoformat(item["emailed_at"]["S"]) if "emailed_at" in item else None,
    )
