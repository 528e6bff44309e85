"""What failures in a log say of a consumer now: whether they go on, since when, what is tried again when. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby, pairwise

from takeaway.run.client.failures import Failure
from takeaway.run.client.queues import Redelivery

SOON = timedelta(seconds=15)  # how much later than due a message may be tried again, and its failure be in the log


@dataclass(frozen=True)
class Tries:
    """Of the message that is tried again soonest; after the last of them it is a dead letter."""

    done: int
    at_most: int
    next_at: datetime

    @property
    def is_last(self) -> bool:
        return self.done >= self.at_most


def tries(found: Sequence[Failure], redelivery: Redelivery, *, now: datetime) -> Tries | None:
    """None if nothing that failed is still to come again, as far as the log says."""
    by_message = groupby(sorted(found, key=lambda each: (each.message_id, each.at)), key=lambda each: each.message_id)
    waiting = []
    for _, of_message in by_message:
        times = [each.at for each in of_message]
        done, due = min(len(times), redelivery.at_most), times[-1] + redelivery.after
        if now < due + (SOON if done < redelivery.at_most else timedelta(0)):
            waiting.append(Tries(done, redelivery.at_most, due))
    return min(waiting, key=lambda each: each.next_at, default=None)


def began(found: Sequence[Failure], after: timedelta) -> datetime | None:
    """When the failures began that came one after the other until the last, none of them later than it was due."""
    if not found:
        return None
    gaps = [later.at for before, later in pairwise(found) if later.at - before.at > after + SOON]
    return gaps[-1] if gaps else found[0].at
