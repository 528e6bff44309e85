"""A voucher, the completed order that earns it, and the reasons for which an order earns none."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from contexts.promotions.domain.money import Money

# How long a completed order is remembered, so that its event changes nothing when it comes again: as long as the bus
# archives events. Older events are not counted. This is no setting, because a longer memory would count orders twice
# that are forgotten already.
MEMORY = timedelta(days=90)


class NoVoucher(StrEnum):
    """The reason why an order earns no voucher: an answer of the business, not an error."""

    CURRENCY_NOT_OFFERED = "currency_not_offered"
    BELOW_MINIMUM_BASKET = "below_minimum_basket"
    TOO_LATE = "too_late"


@dataclass(frozen=True, slots=True)
class CompletedOrder:
    """The facts about an order that promotions needs: its customer, its value, and its time of completion."""

    order_id: str
    customer_id: str
    total: Money
    completed_at: datetime

    def may_be_forgotten(self, now: datetime) -> bool:
        return now >= self.completed_at + MEMORY


@dataclass(frozen=True, slots=True)
class Voucher:
    """Money off a later order, for whoever types the code.

    An order earns one at most, so the order's id identifies the voucher. `loyalty_order` is the order's number among
    its customer's, if it was that number that earned the voucher.
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
    """Return when the order may be forgotten: when it is too old to count again and its voucher has expired."""
    memory = order.completed_at + MEMORY
    return max(memory, earned.expires_at) if isinstance(earned, Voucher) else memory
