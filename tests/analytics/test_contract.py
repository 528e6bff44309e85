"""The fields that analytics reads are fields that events have: its part of the contract."""

from takeaway.check.contracts.check import refuse_what_can_not_be_read
from takeaway.paths import REPOSITORY


def test_every_field_that_is_read_is_one_that_the_event_has() -> None:
    refuse_what_can_not_be_read(REPOSITORY, "analytics")
