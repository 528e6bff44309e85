"""The number of orders that a customer may place: some at once, then one after another.

Without it one account could flood restaurants. It is a token bucket, kept as the generic cell rate algorithm does: all
that is stored per customer is the moment at which the bucket is full again.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True)
class Allowance:
    """A full bucket holds `at_once` orders; the bucket regains one order after every `each`."""

    at_once: int
    each: timedelta

    def after_one_more(self, full_at: datetime | None, now: datetime) -> datetime:
        """Return when the bucket is full again if an order is placed `now`.

        `full_at` is when it would be full without that order; None if it is full.
        """
        return max(full_at or now, now) + self.each

    def wait(self, full_at: datetime | None, now: datetime) -> timedelta:
        """Return how long to wait before one more order may be placed; zero if it may be placed now."""
        return max(timedelta(0), self.after_one_more(full_at, now) - now - self.at_once * self.each)
