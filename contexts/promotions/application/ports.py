"""What the use cases need from the world. Adapters implement these; so do the fakes of the tests."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from contexts.promotions.domain.policy import VoucherPolicy
from contexts.promotions.domain.voucher import CompletedOrder, Earned, Voucher


@dataclass(frozen=True, slots=True)
class Recipient:
    """Whom the e-mail goes to. Passed through and never stored; kept out of `repr` so that no log shows it."""

    email: str = field(repr=False)


class Overtaken(Exception):
    """Another order of this customer was counted in the meantime: this one has another number now."""


class BeingSent(Exception):
    """Someone else is about to send this e-mail. Whether they did is known when their claim has run out."""


class MailNotSent(Exception):
    """The e-mail was not taken; trying again may help. Its message holds no address."""


class Undeliverable(Exception):
    """No e-mail can be written to this address, however often one tries. Its message holds no address."""


class CountedOrders(Protocol):
    """The completed orders that were counted, each once, and what each has earned."""

    def earned_by(self, order_id: str) -> Earned | None:
        """None for an order that was not counted yet, or that is forgotten."""

    def number_of(self, customer_id: str) -> int:
        """How many orders of this customer were counted."""

    def count(self, order: CompletedOrder, *, number: int, earned: Earned) -> Earned:
        """Count it as its customer's `number`-th and keep what it earned: both in one step, or neither.

        Returns what the order has earned now, whoever counted it. Raises Overtaken.
        """


class EmailClaims(Protocol):
    """Who may send the e-mail with a voucher: one at a time, and nobody any more once it was sent."""

    def claim(self, order_id: str, *, now: datetime, until: datetime) -> bool:
        """True: it is ours to send. False: there is nothing left to send. Raises BeingSent."""

    def release(self, order_id: str, *, until: datetime) -> None:
        """Give up the claim that runs until then, if it is still that one."""

    def record_sent(self, order_id: str, at: datetime) -> None: ...


class Mail(Protocol):
    def send(self, voucher: Voucher, to: Recipient) -> None:
        """Raises MailNotSent, Undeliverable."""


class Codes(Protocol):
    def new(self) -> str:
        """A code that nobody can guess and anybody can type."""


class Clock(Protocol):
    def now(self) -> datetime: ...


class Ports(Protocol):
    """Every port, and the policy, which is as a deployment has it."""

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
