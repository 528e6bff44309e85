"""Count a completed order once, issue the voucher that it earns once, and tell the customer."""

from contextlib import suppress
from datetime import datetime

from contexts.promotions.application.ports import Overtaken, Ports, Recipient
from contexts.promotions.application.send_voucher import Sent, send_voucher
from contexts.promotions.domain.policy import Offer
from contexts.promotions.domain.voucher import CompletedOrder, Earned, NoVoucher, Voucher

# Of functions that count orders of one customer at once, one succeeds in each round, and at most five run at once.
ROUNDS = 10


def issue_voucher(order: CompletedOrder, recipient: Recipient, ports: Ports) -> Sent | NoVoucher:
    """Count the order, and send the customer the voucher that it earns.

    Returns how the e-mail went, or why there is no voucher. Idempotent: it may be repeated after a crash at any point,
    and at the same time, because the order's own record decides whether it was counted. Raises Overtaken, BeingSent,
    MailNotSent: each means that a later delivery of the event shall try again.

    An order's number is its place in the order of counting, not of completion. So events may come in any order, every
    number is given once, and no reward depends on an order that may still be on its way.
    """
    earned = _earned(order, ports)
    return earned if isinstance(earned, NoVoucher) else send_voucher(earned, recipient, ports)


def _earned(order: CompletedOrder, ports: Ports) -> Earned:
    for _ in range(ROUNDS):
        # Read before the policy is asked: a voucher that was promised stands, although the policy may have changed.
        if (earned := ports.orders.earned_by(order.order_id)) is not None:
            return earned
        now = ports.clock.now()
        if order.may_be_forgotten(now):
            return NoVoucher.TOO_LATE
        number = ports.orders.number_of(order.customer_id) + 1
        with suppress(Overtaken):
            return ports.orders.count(order, number=number, earned=_decide(order, number, now, ports))
    raise Overtaken(f"order {order.order_id}: other orders of its customer were counted first, {ROUNDS} times")


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
