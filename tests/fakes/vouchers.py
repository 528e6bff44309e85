"""The outside of promotions in memory, with the failures that the real one has."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from contexts.promotions.application.ports import MailNotSent, Recipient
from contexts.promotions.domain.voucher import Voucher


class Crash(Exception):
    """The function dies here."""


@dataclass
class FakeVouchers:
    kept: dict[str, Voucher] = field(default_factory=dict)
    # Another function's write, that comes between looking and adding.
    added_meanwhile: Voucher | None = None
    crash_before_recording: bool = False

    def of_order(self, order_id: str) -> Voucher | None:
        return self.kept.get(order_id)

    def add(self, voucher: Voucher) -> Voucher:
        if self.added_meanwhile is not None:
            self.kept[voucher.order_id] = self.added_meanwhile
        return self.kept.setdefault(voucher.order_id, voucher)

    def record_emailed(self, order_id: str, at: datetime) -> None:
        if self.crash_before_recording:
            raise Crash
        if self.kept[order_id].emailed_at is None:
            self.kept[order_id] = replace(self.kept[order_id], emailed_at=at)


@dataclass
class FakeMail:
    sent: list[tuple[Voucher, Recipient]] = field(default_factory=list)
    refuses: bool = False

    def send(self, voucher: Voucher, to: Recipient) -> None:
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
