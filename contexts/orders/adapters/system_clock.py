"""The clock of the machine."""

from datetime import UTC, datetime


class SystemClock:
    def now(self) -> datetime:
        """To the millisecond, as times are stored and published."""
        now = datetime.now(UTC)
        return now.replace(microsecond=now.microsecond // 1000 * 1000)
