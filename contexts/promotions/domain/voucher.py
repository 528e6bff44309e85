"""A voucher, and the completed order that earns it."""

from dataclasses import dataclass
from datetime import datetime

from contexts.promotions.domain.money import Money


@dataclass(frozen=True, slots=True)
class CompletedOrder:
    """What promotions needs to know of an order: whose it was, what it was worth, and when it was completed."""

    order_id: str
    customer_id: str
    total: Money
    completed_at: datetime


@dataclass(frozen=True, slots=True)
class Voucher:
    """Money off a later order for whoever types the code. An order earns one at most: its id is the voucher's."""

    order_id: str
    customer_id: str
    code: str
    value: Money
    issued_at: datetime
    expires_at: datetime
    emailed_at: datetime | None = None

    def has_expired(self, now: datetime) -> bool:
        return now >= self.expires_at
