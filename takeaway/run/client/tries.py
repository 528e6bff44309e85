"""Conclude from logged failures whether a consumer is still failing, since when, and when the next try is. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby, pairwise

from takeaway.run.client.failures import Failure
from takeaway.run.client.queues import Redelivery

SOON = timedelta(seconds=15)  # how late after it is due a try may happen and be logged


@dataclass(frozen=True)
class Tries:
    """The tries of the message that comes again soonest; after `at_most` tries it becomes a dead letter."""

    done: int
    at_most: int
    next_at: datetime

    @property
    def is_last(self) -> bool:
        return self.done >= self.at_most


def tries(found: Sequence[Failure], redelivery: Redelivery, *, now: datetime) -> Tries | None:
    """Return the tries of the message that comes again soonest; None if the log shows none that will."""
    by_message = groupby(sorted(found, key=lambda each: (each.message_id, each.at)), key=lambda each: each.message_id)
    waiting = []
    for _, of_message in by_message:
        times = [each.at for each in of_message]
        done, due = min(len(times), redelivery.at_most), times[-1] + redelivery.after
        if now < due + (SOON if done < redelivery.at_most else timedelta(0)):
            waiting.append(Tries(done, redelivery.at_most, due))
    return min(waiting, key=lambda each: each.next_at, default=None)


def began(found: Sequence[Failure], after: timedelta) -> datetime | None:
    """Return when the present row of failures began; a gap longer than `after`, plus 15 seconds, ends a row."""
    if not found:
        return None
    gaps = [later.at for before, later in pairwise(found) if later.at - before.at > after + SOON]
    return gaps[-1] if gaps else found[0].at
