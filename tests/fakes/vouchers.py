"""The ports of promotions in memory, with the failures of the real ones, and hooks at every moment."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from contexts.promotions.application.issue_voucher import issue_voucher
from contexts.promotions.application.ports import BeingSent, MailNotSent, Overtaken, Recipient, Undeliverable
from contexts.promotions.application.send_voucher import Sent
from contexts.promotions.domain.policy import VoucherPolicy
from contexts.promotions.domain.voucher import CompletedOrder, Earned, NoVoucher, Voucher


class Crash(Exception):
    """The function dies here."""


@dataclass
class Moments:
    """The events before and after each call of a port: a crash, or another function's work in between."""

    happens: Callable[[str], None] = lambda _: None

    @contextmanager
    def around(self, call: str) -> Iterator[None]:
        self.happens(f"before {call}")
        yield
        self.happens(f"after {call}")

    def at(self, moment: str, do: Callable[[], object]) -> None:
        """Do something at a moment, but only the first time that it comes."""
        self.passed: list[str] = []

        def happens(now: str) -> None:
            self.passed.append(now)
            if now == moment:
                self.happens = self.passed.append
                do()

        self.happens = happens


@dataclass
class FakeOrders:
    moments: Moments = field(default_factory=Moments)
    kept: dict[str, Earned] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)  # order -> its number
    counted: Counter[str] = field(default_factory=Counter)  # customer -> number of counted orders

    def earned_by(self, order_id: str) -> Earned | None:
        with self.moments.around("earned_by"):
            return self.kept.get(order_id)

    def number_of(self, customer_id: str) -> int:
        with self.moments.around("number_of"):
            return self.counted[customer_id]

    def count(self, order: CompletedOrder, *, number: int, earned: Earned) -> Earned:
        with self.moments.around("count"):
            if order.order_id in self.kept:
                return self.kept[order.order_id]
            if self.counted[order.customer_id] != number - 1:
                raise Overtaken
            self.counted[order.customer_id] = self.numbers[order.order_id] = number
            return self.kept.setdefault(order.order_id, earned)

    @property
    def vouchers(self) -> dict[str, Voucher]:
        return {order_id: earned for order_id, earned in self.kept.items() if isinstance(earned, Voucher)}


@dataclass
class FakeEmailClaims:
    orders: FakeOrders
    moments: Moments = field(default_factory=Moments)
    until: dict[str, datetime] = field(default_factory=dict)

    def claim(self, order_id: str, *, now: datetime, until: datetime) -> bool:
        with self.moments.around("claim"):
            voucher = self.orders.vouchers.get(order_id)
            if voucher is None or voucher.emailed_at is not None:
                return False
            if self.until.get(order_id, now) > now:
                raise BeingSent
            self.until[order_id] = until
            return True

    def release(self, order_id: str, *, until: datetime) -> None:
        with self.moments.around("release"):
            if self.until.get(order_id) == until:
                del self.until[order_id]

    def record_sent(self, order_id: str, at: datetime) -> None:
        with self.moments.around("record_sent"):
            self.until.pop(order_id, None)
            voucher = self.orders.vouchers[order_id]
            self.orders.kept[order_id] = replace(voucher, emailed_at=voucher.emailed_at or at)


@dataclass
class FakeMail:
    moments: Moments = field(default_factory=Moments)
    sent: list[tuple[Voucher, Recipient]] = field(default_factory=list)
    refuses: bool = False

    def send(self, voucher: Voucher, to: Recipient) -> None:
        with self.moments.around("send"):
            if not to.email.isascii():
                raise Undeliverable("not ASCII")
            if self.refuses:
                raise MailNotSent("Throttling")
            self.sent.append((voucher, to))


class CountedCodes:
    def __init__(self) -> None:
        self.made = 0

    def new(self) -> str:
        self.made += 1
        return f"CODE-{self.made:04}"


@dataclass
class SetClock:
    at: datetime

    def now(self) -> datetime:
        return self.at

    def advance(self, by: timedelta) -> None:
        self.at += by


class World:
    """All ports together. Functions that run at the same time share one."""

    def __init__(self, policy: VoucherPolicy, now: datetime) -> None:
        self.clock, self.moments, self.codes = SetClock(now), Moments(), CountedCodes()
        self.orders = FakeOrders(self.moments)
        self.claims = FakeEmailClaims(self.orders, self.moments)
        self.mail = FakeMail(self.moments)
        self.policy = policy

    def issue(self, order: CompletedOrder, to: Recipient) -> Sent | NoVoucher:
        return issue_voucher(order, to, self)

    def under(self, policy: VoucherPolicy) -> Callable[[CompletedOrder, Recipient], Sent | NoVoucher]:
        other = copy(self)
        other.policy = policy
        return other.issue
