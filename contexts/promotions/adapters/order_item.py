"""Conversion between a counted order and its item: customer, number, and the voucher or the reason for none."""

import math
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from contexts.promotions.domain.money import Money
from contexts.promotions.domain.voucher import CompletedOrder, Earned, NoVoucher, Voucher, remembered_until


def to_item(order: CompletedOrder, number: int, earned: Earned) -> dict[str, Any]:
    return {
        "order_id": {"S": order.order_id},
        "customer_id": {"S": order.customer_id},
        "number": {"N": str(number)},
        # The table's time to live reads whole seconds; rounded up, so that no item goes too early.
        "expires_at": {"N": str(math.ceil(remembered_until(order, earned).timestamp()))},
        **(_of_voucher(earned) if isinstance(earned, Voucher) else {"no_voucher": {"S": earned.value}}),
    }


def _of_voucher(voucher: Voucher) -> dict[str, Any]:
    item: dict[str, Any] = {
        "code": {"S": voucher.code},
        "amount": {"N": str(voucher.value.amount)},
        "currency": {"S": voucher.value.currency},
        # The sort key of the index by customer. Orders without a voucher lack it, so the index has vouchers alone.
        "issued_at": {"S": voucher.issued_at.isoformat()},
        "valid_until": {"S": voucher.expires_at.isoformat()},
    }
    if voucher.loyalty_order is not None:
        item["loyalty_order"] = {"N": str(voucher.loyalty_order)}
    return item


def from_item(item: Mapping[str, Any]) -> Earned:
    if "no_voucher" in item:
        return NoVoucher(item["no_voucher"]["S"])
    return Voucher(
        order_id=item["order_id"]["S"],
        customer_id=item["customer_id"]["S"],
        code=item["code"]["S"],
        value=Money(int(item["amount"]["N"]), item["currency"]["S"]),
        issued_at=datetime.fromisoformat(item["issued_at"]["S"]),
        expires_at=_valid_until(item),
        emailed_at=datetime.fromisoformat(item["emailed_at"]["S"]) if "emailed_at" in item else None,
        loyalty_order=int(item["loyalty_order"]["N"]) if "loyalty_order" in item else None,
    )


def _valid_until(item: Mapping[str, Any]) -> datetime:
    if "valid_until" in item:
        return datetime.fromisoformat(item["valid_until"]["S"])
    # In items of earlier versions, `expires_at` was the end of the voucher itself.
    return datetime.fromtimestamp(int(item["expires_at"]["N"]), tz=UTC)
