"""Count a completed order, once; issue the voucher that it earns, once; and tell the customer."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from contexts.promotions.application.ports import Clock, Codes, CountedOrders, Overtaken, Recipient
from contexts.promotions.application.send_voucher import SendVoucher, Sent
from contexts.promotions.domain.policy import Offer, VoucherPolicy
from contexts.promotions.domain.voucher import CompletedOrder, Earned, NoVoucher, Voucher

# Of those who count orders of one customer at once, one wins each round, and there are at most five functions.
ROUNDS = 10


@dataclass(frozen=True)
class IssueVoucher:
    """Safe to repeat at any point, and at the same time: the order's own record decides that it was counted.

    The number of an order is its place in the order of counting, not of completion. So events may come in any order:
    every number is given once, and no reward depends on an order that may still be on its way.
    """

    policy: VoucherPolicy
    orders: CountedOrders
    codes: Codes
    send: SendVoucher
    clock: Clock

    def __call__(self, order: CompletedOrder, recipient: Recipient) -> Sent | NoVoucher:
        earned = self._earned(order)
        return earned if isinstance(earned, NoVoucher) else self.send(earned, recipient)

    def _earned(self, order: CompletedOrder) -> Earned:
        for _ in range(ROUNDS):
            # What was promised stands, also when the policy has changed since: look before asking the policy.
            if (earned := self.orders.earned_by(order.order_id)) is not None:
                return earned
            now = self.clock.now()
            if order.may_be_forgotten(now):
                return NoVoucher.TOO_LATE
            number = self.orders.number_of(order.customer_id) + 1
            with suppress(Overtaken):
                return self.orders.count(order, number=number, earned=self._decide(order, number, now))
        raise Overtaken(f"order {order.order_id} found no number in {ROUNDS} rounds")

    def _decide(self, order: CompletedOrder, number: int, now: datetime) -> Earned:
        offer = self.policy.offer(order, number=number, now=now)
        return self._voucher(order, offer, number, now) if isinstance(offer, Offer) else offer

    def _voucher(self, order: CompletedOrder, offer: Offer, number: int, now: datetime) -> Voucher:
        return Voucher(
            order_id=order.order_id,
            customer_id=order.customer_id,
            code=self.codes.new(),
            value=offer.value,
            issued_at=now,
            expires_at=offer.expires_at,
            loyalty_order=number if offer.is_for_loyalty else None,
        )
