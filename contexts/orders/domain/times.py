"""Moments as text: in events, in answers of the API and in storage alike, so that texts sort as the moments do."""

from datetime import UTC, datetime


def timestamp(at: datetime) -> str:
    """RFC 3339 in UTC, to the millisecond."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
