"""Times as text, the same in events, answers and storage, so that texts sort in the order of their times."""

from datetime import UTC, datetime


def timestamp(at: datetime) -> str:
    """Format a time as RFC 3339 in UTC with milliseconds."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
