"""Issue the voucher of a completed order, once, and tell the customer."""

from dataclasses import dataclass
from enum import StrEnum

from contexts.promotions.application.ports import Clock, Codes, Mail, Recipient, Vouchers
from contexts.promotions.domain.policy import NoVoucher, Offer, VoucherPolicy
from contexts.promotions.domain.voucher import CompletedOrder, Voucher


class Issued(StrEnum):
    """How far this call got; both mean that the order has its voucher."""

    SENT = "sent"
    BEFORE = "before"


@dataclass(frozen=True)
class IssueVoucher:
    """Safe to repeat at any point: the order id decides that there is one voucher, `emailed_at` that it was sent.

    The e-mail cannot be sent and recorded in one step. It is recorded after it was sent, so a crash between the two
    sends it again: the customer may read of a voucher twice, but never misses it.
    """

    policy: VoucherPolicy
    vouchers: Vouchers
    codes: Codes
    mail: Mail
    clock: Clock

    def __call__(self, order: CompletedOrder, recipient: Recipient) -> Issued | NoVoucher:
        now = self.clock.now()
        # What was promised stands, also when the policy has changed since: look before asking the policy.
        voucher = self.vouchers.of_order(order.order_id)
        if voucher is None:
            offer = self.policy.offer(order, now=now)
            if isinstance(offer, NoVoucher):
                return offer
            voucher = self.vouchers.add(self._voucher(order, offer))
        if voucher.emailed_at is not None or voucher.has_expired(now):
            return Issued.BEFORE
        self.mail.send(voucher, recipient)
        self.vouchers.record_emailed(order.order_id, self.clock.now())
        return Issued.SENT

    def _voucher(self, order: CompletedOrder, offer: Offer) -> Voucher:
        return Voucher(
            order_id=order.order_id,
            customer_id=order.customer_id,
            code=self.codes.new(),
            value=offer.value,
            issued_at=self.clock.now(),
            expires_at=offer.expires_at,
        )
