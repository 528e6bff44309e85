"""Format times and durations for people."""

from datetime import datetime, timedelta


def clock(at: datetime) -> str:
    """Format as local time, to the millisecond."""
    return at.astimezone().strftime("%H:%M:%S.") + f"{at.microsecond // 1000:03d}"


def lasted(time: timedelta) -> str:
    seconds = time.total_seconds()
    return f"{seconds * 1000:.0f} ms" if seconds < 1 else f"{seconds:.1f} s"
