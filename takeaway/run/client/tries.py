"""Conclude from logged failures whether a consumer is still failing, since when, and when the next try is. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby, pairwise

from takeaway.run.client.failures import Failure
from takeaway.run.client.queues import Redelivery

SOON = timedelta(seconds=15)  # how late after it is due a try may happen and be logged
EARLY = 0.25  # of a redelivery: how much sooner a failure may be logged, because only the first try starts a process


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
    for message, of_message in by_message:
        failures = [*of_message]
        made = _of_message(failures, redelivery) if message else _of_function(failures, redelivery, now=now)
        # After its last try a message is moved as soon as it is due. Of a whole function's failures others may follow.
        if now < made.next_at + (timedelta(0) if message and made.is_last else SOON):
            waiting.append(made)
    return min(waiting, key=lambda each: each.next_at, default=None)


def _of_message(failures: Sequence[Failure], redelivery: Redelivery) -> Tries:
    done = min(len(failures), redelivery.at_most)
    return Tries(done, redelivery.at_most, failures[-1].at + redelivery.after)


def _of_function(failures: Sequence[Failure], redelivery: Redelivery, *, now: datetime) -> Tries:
    """Conclude the tries from failures of the whole function, which do not say of which message each is.

    Every message comes again once in each `after`, so the rounds of the present row are the oldest message's tries.
    """
    after, since = redelivery.after, began(failures, redelivery.after)
    row = [each.at for each in failures if since is None or each.at >= since]
    rounds, first_of_round = 1, row[0]
    for at in row:
        if at - first_of_round >= after * (1 - EARLY):
            rounds, first_of_round = rounds + 1, at
    due = next((at + after for at in row if at + after > now), row[-1] + after)
    return Tries(min(rounds, redelivery.at_most), redelivery.at_most, due)


def began(found: Sequence[Failure], after: timedelta) -> datetime | None:
    """Return when the present row of failures began; a gap longer than `after`, plus 15 seconds, ends a row."""
    if not found:
        return None
    gaps = [later.at for before, later in pairwise(found) if later.at - before.at > after + SOON]
    return gaps[-1] if gaps else found[0].at
