"""What the use case needs from outside."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from contexts.promotions.domain.voucher import Voucher


@dataclass(frozen=True, slots=True)
class Recipient:
    """Whom the e-mail goes to. Passed through and never stored; kept out of `repr` so that no log shows it."""

    name: str = field(repr=False)
    email: str = field(repr=False)


class MailNotSent(Exception):
    """The e-mail was not taken; trying again may help. Its message holds no address."""


class Vouchers(Protocol):
    """The vouchers issued so far, one per order."""

    def of_order(self, order_id: str) -> Voucher | None: ...

    def add(self, voucher: Voucher) -> Voucher:
        """Keep it, unless its order has one: the voucher that the order has now, whoever added it."""
        ...

    def record_emailed(self, order_id: str, at: datetime) -> None: ...


class Mail(Protocol):
    def send(self, voucher: Voucher, to: Recipient) -> None:
        """Raises MailNotSent."""
        ...


class Codes(Protocol):
    def new(self) -> str:
        """A code that nobody can guess and anybody can type."""
        ...


class Clock(Protocol):
    def now(self) -> datetime: ...
