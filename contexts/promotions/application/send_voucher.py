"""Send the e-mail with a voucher: once, though two may be at it, and though any of them may die."""

from datetime import timedelta
from enum import StrEnum

from contexts.promotions.application.ports import MailNotSent, Ports, Recipient, Undeliverable
from contexts.promotions.domain.voucher import Voucher

# How long nobody else sends what someone set out to send. Longer than a function lives, so that nobody takes over from
# a sender who is still at it (clocks may differ by the rest); and it runs out before the message of a sender who died
# is delivered again. The template's test holds it against the function's timeout and the queue's visibility timeout.
LEASE = timedelta(seconds=60)


class Sent(StrEnum):
    """How far this call got; each means that there is nothing left to do."""

    NOW = "sent"
    BEFORE = "before"
    NEVER = "undeliverable"


def send_voucher(voucher: Voucher, to: Recipient, ports: Ports) -> Sent:
    """Claim, send, record. Who finds the claim of another fails, so that its message comes again and looks again.

    Where a sender may die: before it has claimed, nothing has happened. Between claim and sending, the claim runs out
    and the next delivery sends. Between sending and recording, the next delivery sends once more, with the same code:
    SES has no "only once", so it is that or risking that the customer never hears of the voucher.
    """
    now = ports.clock.now()
    if voucher.emailed_at is not None or voucher.has_expired(now):
        return Sent.BEFORE
    until = now + LEASE
    if not ports.claims.claim(voucher.order_id, now=now, until=until):
        return Sent.BEFORE
    try:
        ports.mail.send(voucher, to)
    except Undeliverable:
        ports.claims.release(voucher.order_id, until=until)
        return Sent.NEVER
    except MailNotSent:
        ports.claims.release(voucher.order_id, until=until)
        raise
    ports.claims.record_sent(voucher.order_id, ports.clock.now())
    return Sent.NOW
