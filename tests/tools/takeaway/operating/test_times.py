"""Times as people type them."""

from datetime import UTC, datetime, timedelta

import pytest

from takeaway.errors import UsageError
from takeaway.run.cli.times import ago, moment, shown

NOON = datetime(2026, 11, 23, 12, 0, 0, 999_000, tzinfo=UTC)
SHARP = NOON.replace(microsecond=0)


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("2026-11-23T12:00:00Z", SHARP),
        ("2026-11-23T13:00:00+01:00", SHARP),
        ("2026-11-23T12:00:00.123456Z", SHARP),
        ("0s", SHARP),
        ("90s", SHARP - timedelta(seconds=90)),
        ("30m", SHARP - timedelta(minutes=30)),
        ("2h", SHARP - timedelta(hours=2)),
        ("7d", SHARP - timedelta(days=7)),
        ("1w", SHARP - timedelta(weeks=1)),
    ],
)
def test_a_moment_is_a_time_or_how_long_ago_in_whole_seconds(text: str, at: datetime) -> None:
    assert moment("--from", text, now=NOON) == at


@pytest.mark.parametrize("text", ["", "yesterday", "2", "h", "-2h", "2 h", "1.5h", "2026-13-01T00:00:00Z", "9999999d"])
def test_what_is_no_moment_is_refused_with_the_name_of_its_option(text: str) -> None:
    with pytest.raises(UsageError, match="--from: expected a time such as 2026-11-24T12:00:00Z"):
        moment("--from", text, now=NOON)


@pytest.mark.parametrize("text", ["2026-11-23", "2026-11-23T12:00:00"])
def test_a_time_without_its_zone_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match=r"--until: .* time zone"):
        moment("--until", text, now=NOON)


@pytest.mark.parametrize("text", ["999999d", "0001-01-01T00:00:00+01:00"])
def test_further_back_than_there_is_time_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="--from"):
        moment("--from", text, now=NOON)


def test_a_moment_is_shown_in_utc() -> None:
    assert shown(moment("--from", "2026-11-23T13:00:00+01:00", now=NOON)) == "2026-11-23T12:00:00Z"


@pytest.mark.parametrize(
    ("seconds", "told"),
    [(-5, "0 s"), (0, "0 s"), (59, "59 s"), (61, "1 m 1 s"), (3600, "1 h"), (7384, "2 h 3 m"), (90_061, "1 d 1 h")],
)
def test_an_age_is_told_in_its_two_largest_units(seconds: int, told: str) -> None:
    assert ago(NOON - timedelta(seconds=seconds), now=NOON) == told
