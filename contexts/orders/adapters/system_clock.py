"""Implements the port Clock by the machine's clock."""

from datetime import UTC, datetime


class SystemClock:
    def now(self) -> datetime:
        """Return the time in UTC, cut to milliseconds, because times are stored and published so."""
        now = datetime.now(UTC)
        return now.replace(microsecond=now.microsecond // 1000 * 1000)
