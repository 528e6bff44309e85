"""A voucher, the completed order that earns it, and why an order earns none."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from contexts.promotions.domain.money import Money

# How long a completed order is remembered, so that its event can come again and change nothing: as long as the bus
# keeps events. Older ones are not counted any more. It is no setting, for it must not grow: orders that are forgotten
# already would be young enough again to count twice.
MEMORY = timedelta(days=90)


class NoVoucher(StrEnum):
    """Why an order earns none. The business says no: that is an answer, not an error."""

    CURRENCY_NOT_OFFERED = "currency_not_offered"
    BELOW_MINIMUM_BASKET = "below_minimum_basket"
    TOO_LATE = "too_late"


@dataclass(frozen=True, slots=True)
class CompletedOrder:
    """What promotions needs to know of an order: whose it was, what it was worth, and when it was completed."""

    order_id: str
    customer_id: str
    total: Money
    completed_at: datetime

    def may_be_forgotten(self, now: datetime) -> bool:
        return now >= self.completed_at + MEMORY


@dataclass(frozen=True, slots=True)
class Voucher:
    """Money off a later order for whoever types the code. An order earns one at most: its id is the voucher's.

    `loyalty_order` is the number of the order among its customer's, if it was that number that earned the voucher.
    """

    order_id: str
    customer_id: str
    code: str
    value: Money
    issued_at: datetime
    expires_at: datetime
    emailed_at: datetime | None = None
    loyalty_order: int | None = None

    def has_expired(self, now: datetime) -> bool:
        return now >= self.expires_at


Earned = Voucher | NoVoucher


def remembered_until(order: CompletedOrder, earned: Earned) -> datetime:
    """An order is not forgotten before it is too old to come again, nor before its voucher has expired."""
    memory = order.completed_at + MEMORY
    return max(memory, earned.expires_at) if isinstance(earned, Voucher) else memory
