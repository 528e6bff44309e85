"""Replay past events from the bus's archive to the rule of one context, so that no other context hears them again."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from takeaway.errors import TakeawayError, UsageError
from takeaway.run.client.subscription import Subscription
from takeaway.run.engine.kinds import Traits
from takeaway.waiting import await_until

DEADLINE_SECONDS = 1800
UNDER_WAY = ("STARTING", "RUNNING")
NAME_LENGTH = 64


@dataclass(frozen=True)
class Replay:
    """A replay that is prepared and not begun. `events_in_archive` counts all events, of all times and rules."""

    subscription: Subscription
    archive: str
    archive_arn: str
    bus_arn: str
    rule_arn: str
    events_in_archive: int
    start: datetime
    end: datetime

    def run(self, told: Callable[[datetime], None], *, deadline_seconds: float = DEADLINE_SECONDS) -> str:
        """Run the replay to its end, and return its name; `told` hears the time of the event that it has reached.

        Raises TakeawayError if it fails, or is not completed after `deadline_seconds`. Interrupted, it is cancelled.
        """
        events = self.subscription.target.client("events")
        name = self._new_name()
        try:
            self._start(name)
            self._follow(name, told, deadline_seconds)
        except (KeyboardInterrupt, SystemExit):
            with suppress(events.exceptions.ClientError):  # it may have ended just now, or not begun
                events.cancel_replay(ReplayName=name)
            raise
        return name

    def _start(self, name: str) -> None:
        events = self.subscription.target.client("events")
        # boto3 repeats a call whose answer was lost. The name is unique, so "already exists" means: started by us.
        with suppress(events.exceptions.ResourceAlreadyExistsException):
            events.start_replay(
                ReplayName=name,
                EventSourceArn=self.archive_arn,
                EventStartTime=self.start,
                EventEndTime=self.end,
                Destination={"Arn": self.bus_arn, "FilterArns": [self.rule_arn]},
            )

    def _follow(self, name: str, told: Callable[[datetime], None], deadline_seconds: float) -> None:
        events = self.subscription.target.client("events")
        replay: dict[str, Any] = {}

        def is_over() -> bool:
            replay.update(events.describe_replay(ReplayName=name))
            if replay["State"] in UNDER_WAY and (at := replay.get("EventLastReplayedTime")):
                told(at)
            return replay["State"] not in UNDER_WAY

        if not await_until(is_over, seconds=deadline_seconds):  # shown by the caller, so no `what`
            raise TakeawayError(
                f"Replay {name} is still {replay['State']} after {deadline_seconds:.0f} s and goes on by itself: "
                f"aws events describe-replay --replay-name {name}"
            )
        if replay["State"] != "COMPLETED":
            why = replay.get("StateReason", "no reason given")
            raise TakeawayError(f"Replay {name} ended as {replay['State']} ({why}): run it again.")

    def _new_name(self) -> str:
        """Make a unique name, because EventBridge never accepts a replay's name again."""
        unique = f"-{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{uuid4().hex[:6]}"
        prefix = f"{self.subscription.target.prefix}-{self.subscription.context}"
        return f"{prefix[: NAME_LENGTH - len(unique)]}{unique}"


def why_not(traits: Traits) -> str:
    """Return why nothing can be replayed on an engine; empty if it can."""
    return "" if traits.replays else f"{traits.kind} can't replay events to one context"


def replay_of(subscription: Subscription, bus: str, *, start: datetime, end: datetime) -> Replay:
    """Prepare a replay of the events between two times; starts nothing. The archive is named like the bus.

    Raises TakeawayError where the engine can't replay or the bus has no archive, and UsageError for a time before it.
    """
    if why := why_not(subscription.target.traits):
        raise TakeawayError(f"{why}; the embedded engine and AWS can.")
    events: Any = subscription.target.client("events")
    try:
        archive = events.describe_archive(ArchiveName=bus)
    except events.exceptions.ResourceNotFoundException:
        raise TakeawayError(f"The bus {bus} has no archive, so nothing can be replayed: deploy it with one.") from None
    # EventBridge refuses a start before the archive's creation, and counts in whole seconds.
    start = max(start, archive.get("CreationTime", start).astimezone(UTC).replace(microsecond=0))
    if start >= end:
        raise UsageError(f"The archive of {bus} begins at {start:%Y-%m-%dT%H:%M:%SZ}: there is nothing before.")
    return Replay(
        subscription=subscription,
        archive=archive["ArchiveName"],
        archive_arn=archive["ArchiveArn"],
        bus_arn=archive["EventSourceArn"],
        rule_arn=events.describe_rule(Name=subscription.rule, EventBusName=bus)["Arn"],
        events_in_archive=archive["EventCount"],
        start=start,
        end=end,
    )
