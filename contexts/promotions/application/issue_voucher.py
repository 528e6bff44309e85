"""Count a completed order, once; issue the voucher that it earns, once; and tell the customer."""

from contextlib import suppress
from datetime import datetime

from contexts.promotions.application.ports import Overtaken, Ports, Recipient
from contexts.promotions.application.send_voucher import Sent, send_voucher
from contexts.promotions.domain.policy import Offer
from contexts.promotions.domain.voucher import CompletedOrder, Earned, NoVoucher, Voucher

# Of those who count orders of one customer at once, one wins each round, and there are at most five functions.
ROUNDS = 10


def issue_voucher(order: CompletedOrder, recipient: Recipient, ports: Ports) -> Sent | NoVoucher:
    """Safe to repeat at any point, and at the same time: the order's own record decides that it was counted.

    The number of an order is its place in the order of counting, not of completion. So events may come in any order:
    every number is given once, and no reward depends on an order that may still be on its way.
    """
    earned = _earned(order, ports)
    return earned if isinstance(earned, NoVoucher) else send_voucher(earned, recipient, ports)


def _earned(order: CompletedOrder, ports: Ports) -> Earned:
    for _ in range(ROUNDS):
        # What was promised stands, also when the policy has changed since: look before asking the policy.
        if (earned := ports.orders.earned_by(order.order_id)) is not None:
            return earned
        now = ports.clock.now()
        if order.may_be_forgotten(now):
            return NoVoucher.TOO_LATE
        number = ports.orders.number_of(order.customer_id) + 1
        with suppress(Overtaken):
            return ports.orders.count(order, number=number, earned=_decide(order, number, now, ports))
    raise Overtaken(f"order {order.order_id} found no number in {ROUNDS} rounds")


def _decide(order: CompletedOrder, number: int, now: datetime, ports: Ports) -> Earned:
    offer = ports.policy.offer(order, number=number, now=now)
    if not isinstance(offer, Offer):
        return offer
    return Voucher(
        order_id=order.order_id,
        customer_id=order.customer_id,
        code=ports.codes.new(),
        value=offer.value,
        issued_at=now,
        expires_at=offer.expires_at,
        loyalty_order=number if offer.is_for_loyalty else None,
    )
