"""Read and write times as people type them: a point in time, or how long ago."""

import re
from datetime import UTC, datetime, timedelta

from takeaway.errors import UsageError

AGO = re.compile(r"(?P<count>\d{1,6})(?P<unit>[smhdw])")
YEAR_SECONDS = 365 * 86_400  # the longest duration that options accept; a Step Functions execution may last a year
UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def moment(option: str, text: str, *, now: datetime) -> datetime:
    """Read an RFC 3339 time, or a duration before `now`: 90s, 30m, 2h, 7d, 1w.

    Returns UTC in whole seconds, because EventBridge counts in these. Raises UsageError, which names the option.
    """
    try:
        if before := AGO.fullmatch(text):
            return _whole(now - timedelta(**{UNITS[before["unit"]]: int(before["count"])}))
        at = datetime.fromisoformat(text)
        if at.tzinfo is not None:
            return _whole(at)
    except (ValueError, OverflowError):
        raise UsageError(
            f"{option}: expected a time such as 2026-11-24T12:00:00Z, or how long ago (30m, 2h, 7d), got {text!r}."
        ) from None
    raise UsageError(f"{option}: {text!r} says nothing of its time zone: end it with Z for UTC, or +01:00.")


def _whole(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(microsecond=0)


def shown(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def ago(at: datetime, *, now: datetime) -> str:
    """Format an age in its two largest units, such as `2 h 5 m`."""
    seconds = max(0, int((now - at).total_seconds()))
    parts = (("d", seconds // 86_400), ("h", seconds // 3600 % 24), ("m", seconds // 60 % 60), ("s", seconds % 60))
    first = next((number for number, (_, count) in enumerate(parts) if count), len(parts) - 1)
    return " ".join(f"{count} {unit}" for unit, count in parts[first : first + 2] if count or first == len(parts) - 1)
