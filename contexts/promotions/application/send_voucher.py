"""Send the e-mail with a voucher once, although two deliveries may try at once and either may crash."""

from datetime import timedelta
from enum import StrEnum

from contexts.promotions.application.ports import MailNotSent, Ports, Recipient, Undeliverable
from contexts.promotions.domain.voucher import Voucher

# How long a claim keeps others from sending. Longer than the function's timeout, so that nobody takes over from a
# sender that is still running (the rest allows for clocks that differ); shorter than the queue's visibility timeout, so
# that it has run out when a crashed sender's message is delivered again. A test of the template compares the three.
LEASE = timedelta(seconds=60)


class Sent(StrEnum):
    """Outcomes of an attempt to send the e-mail; after each there is nothing left to do."""

    NOW = "sent"
    BEFORE = "before"
    NEVER = "undeliverable"


def send_voucher(voucher: Voucher, to: Recipient, ports: Ports) -> Sent:
    """Claim the e-mail, send it, record that it was sent.

    Raises BeingSent if another delivery holds the claim, so that the message comes again later; MailNotSent.

    A crash before the claim changes nothing. After a crash between claim and sending, the claim runs out and the next
    delivery sends. After a crash between sending and recording, the next delivery sends the same code once more: SES
    can't send exactly once, and the alternative is a customer who never hears of the voucher.
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
