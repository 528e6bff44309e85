"""How many orders a customer may place: some at once, then one after another, so that no account can flood restaurants.

A token bucket as the generic cell rate algorithm keeps it: of a customer one moment is known, at which the bucket will
be full again.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True)
class Allowance:
    """`at_once` orders from a full bucket; each takes `each` to come back."""

    at_once: int
    each: timedelta

    def after_one_more(self, full_at: datetime | None, now: datetime) -> datetime:
        """When the bucket is full again if another order is placed now; `full_at` is when it would be otherwise."""
        return max(full_at or now, now) + self.each

    def wait(self, full_at: datetime | None, now: datetime) -> timedelta:
        """How long until one more may be placed; zero, if now."""
        return max(timedelta(0), self.after_one_more(full_at, now) - now - self.at_once * self.each)
