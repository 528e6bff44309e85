"""The ports of promotions: interfaces of everything that the use cases need from the world.

Adapters implement them with AWS, and the fakes of the tests in memory.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from contexts.promotions.domain.policy import VoucherPolicy
from contexts.promotions.domain.voucher import CompletedOrder, Earned, Voucher


@dataclass(frozen=True, slots=True)
class Recipient:
    """The address of an e-mail.

    It comes with the event and is never stored; it is left out of `repr`, so that no log shows it.
    """

    email: str = field(repr=False)


class Overtaken(Exception):
    """Another order of this customer was counted in the meantime, so this order has another number now."""


class BeingSent(Exception):
    """Another delivery has claimed this e-mail. Its result is known once its claim has run out."""


class MailNotSent(Exception):
    """The e-mail was not sent; trying again may help. The message holds no address, because it is logged."""


class Undeliverable(Exception):
    """No e-mail can be sent to this address, however often one tries. The message holds no address."""


class CountedOrders(Protocol):
    """The completed orders that were counted, each once, with the voucher that each has earned."""

    def earned_by(self, order_id: str) -> Earned | None:
        """Return the order's voucher or its reason for none; None if it is not counted, or forgotten."""

    def number_of(self, customer_id: str) -> int:
        """Return how many orders of this customer were counted."""

    def count(self, order: CompletedOrder, *, number: int, earned: Earned) -> Earned:
        """Count an order as its customer's `number`-th and store what it earned, in one transaction.

        Returns what the order has earned, by this call or by an earlier one that counted it. Raises Overtaken if
        another order got this number.
        """


class EmailClaims(Protocol):
    """Claims on the e-mail with a voucher: one sender at a time may hold one, and none once it was sent."""

    def claim(self, order_id: str, *, now: datetime, until: datetime) -> bool:
        """Claim the e-mail until that time. Returns False if it was sent already.

        Raises BeingSent if another delivery holds the claim.
        """

    def release(self, order_id: str, *, until: datetime) -> None:
        """Give up the claim that runs out at that time, unless another one has followed it."""

    def record_sent(self, order_id: str, at: datetime) -> None: ...


class Mail(Protocol):
    def send(self, voucher: Voucher, to: Recipient) -> None:
        """Send the voucher. Raises MailNotSent, Undeliverable."""


class Codes(Protocol):
    def new(self) -> str:
        """Return a new code, hard to guess and easy to type."""


class Clock(Protocol):
    def now(self) -> datetime: ...


class Ports(Protocol):
    """Every port, and the voucher policy of this deployment."""

    @property
    def policy(self) -> VoucherPolicy: ...
    @property
    def orders(self) -> CountedOrders: ...
    @property
    def codes(self) -> Codes: ...
    @property
    def claims(self) -> EmailClaims: ...
    @property
    def mail(self) -> Mail: ...
    @property
    def clock(self) -> Clock: ...
