"""Dead letters: a look at them that takes nothing away, and their way back to the queue that they come from.

A look says what is there, since when, and why. SQS moves them back, or they are moved by hand where it can't.
"""

import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any

from takeaway.errors import TakeawayError
from takeaway.run.client.failures import failures
from takeaway.run.client.functions import last_errors
from takeaway.run.client.health import Consumer, health_of
from takeaway.run.client.queues import Message, Queue
from takeaway.run.client.subscription import Subscription
from takeaway.waiting import await_until

UNKNOWN = "not known: no error with this message_id in the function's log, as far as it was looked through"
POLL_SECONDS = 0.5
STALLED_SECONDS = 300
RUNNING = "RUNNING"
LOOKS_PER_TELLING = 5  # a look into the log takes longer than one at the queue
Moved = Callable[[int], None]
Told = Callable[[Consumer], None]


@dataclass(frozen=True)
class DeadLetter:
    """`received` counts the tries of the function and every look, this one too."""

    message_id: str
    reason: str
    sent_at: datetime
    received: int
    body: str = field(repr=False)


def await_first(subscription: Subscription, *, seconds: float, told: Told = lambda _: None) -> None:
    """Returns when there is one, or the time is up. Meanwhile it is told how the consumer is, every now and then."""
    looks = 0

    def there() -> int:
        nonlocal looks
        waiting = subscription.dead_letters.depth().waiting
        if not waiting and seconds and looks % LOOKS_PER_TELLING == 0:
            told(health_of(subscription))
        looks += 1
        return waiting

    await_until(there, seconds=seconds, what=f"waiting for a dead letter of {subscription.context}")


def look(subscription: Subscription, *, limit: int) -> list[DeadLetter]:
    """Up to `limit` of them, oldest first. They are hidden from others while it looks, and are back when it ends.

    A dead-letter queue has none of its own, so being received once more has no consequence.
    """
    with subscription.dead_letters.held() as held:
        messages = list(islice((message for batch in held.batches() for message in batch), limit))
    messages.sort(key=lambda message: message.sent_at)
    # An event that was once undeliverable keeps EventBridge's words when the function has failed on it since.
    logged = _logged(subscription, [each for each in messages if each.came_from or not _undeliverable(each)])
    unknown = [each for each in messages if not (logged.get(each.id) or _undeliverable(each))]
    as_a_whole = _as_a_whole(subscription, unknown)
    return [
        DeadLetter(
            message_id=message.id,
            reason=logged.get(message.id) or _undeliverable(message) or as_a_whole.get(message.id) or UNKNOWN,
            sent_at=message.sent_at,
            received=message.received,
            body=message.body,
        )
        for message in messages
    ]


def _logged(subscription: Subscription, messages: Sequence[Message]) -> dict[str, str]:
    sent = {message.id: message.sent_at for message in messages}
    return dict(last_errors(subscription.target, subscription.function, sent))


def _as_a_whole(subscription: Subscription, messages: Sequence[Message]) -> dict[str, str]:
    """What the function failed of last, since each came, without having looked at any message."""
    if not messages:
        return {}
    found = failures(subscription.target, subscription.function, since=messages[0].sent_at)
    whole = [failure for failure in found if not failure.message_id]
    return {
        each.id: f"{whole[-1].told}, before it could look at any message"
        for each in messages
        if whole and whole[-1].at >= each.sent_at
    }


def _undeliverable(message: Message) -> str:
    """What EventBridge says of an event that it could not bring to the queue."""
    said = (message.attributes.get(name, {}).get("StringValue") for name in ("ERROR_CODE", "ERROR_MESSAGE"))
    words = ": ".join(each for each in said if each)
    return f"EventBridge could not deliver it: {words}" if words else ""


def redrive(subscription: Subscription, moved: Moved) -> int:
    """How many went back; `moved` is told on the way.

    Events that the bus could not deliver wait there as well, as the events that they are, so they go the same way.
    """
    source, destination = subscription.dead_letters, subscription.queue
    try:
        before = _latest(source)
    except source.client.exceptions.ClientError as error:
        if error.response["Error"]["Code"] != "InvalidAction":
            raise
        return by_hand(source, destination, moved)
    if before.get("Status") == RUNNING:  # somebody else's: there can only be one at a time
        return _followed(source, before["TaskHandle"], {}, moved)
    # The destination is named, since SQS does not know where an event comes from that was never in the queue.
    begun = source.client.start_message_move_task(SourceArn=source.arn, DestinationArn=destination.arn)
    return _followed(source, begun["TaskHandle"], before, moved)


def by_hand(source: Queue, destination: Queue, moved: Moved) -> int:
    """Receive, send, delete: killed anywhere between nothing is lost, and one message may be there twice."""
    sent: set[str] = set()
    with source.held() as held:
        for batch in held.batches():
            for message in batch:
                if message.id in sent:
                    continue  # it has failed again in the meantime: once is enough
                sent.add(destination.send(message))
                held.delete(message)
                moved(len(sent))
    return len(sent)


def _latest(source: Queue) -> dict[str, Any]:
    """The last move from there, as SQS lists it; nothing if there was none."""
    tasks = source.client.list_message_move_tasks(SourceArn=source.arn, MaxResults=1)["Results"]
    return dict(tasks[0]) if tasks else {}


def _followed(source: Queue, handle: str, before: dict[str, Any], moved: Moved) -> int:
    """To the end of the move that came after `before`, which is listed until the new one is."""
    count, changed_at = 0, time.monotonic()
    try:
        while (task := _latest(source)) == before or task["Status"] in (RUNNING, "CANCELLING"):
            if task != before and task["ApproximateNumberOfMessagesMoved"] != count:
                count, changed_at = task["ApproximateNumberOfMessagesMoved"], time.monotonic()
                moved(count)
            if time.monotonic() - changed_at > STALLED_SECONDS:
                raise TakeawayError(f"Nothing has moved for {STALLED_SECONDS} s; SQS goes on by itself. {count} moved.")
            time.sleep(POLL_SECONDS)
    except (KeyboardInterrupt, SystemExit):
        with suppress(source.client.exceptions.ClientError):  # it may have ended in this moment
            source.client.cancel_message_move_task(TaskHandle=handle)
        raise
    count = int(task["ApproximateNumberOfMessagesMoved"])
    if task["Status"] != "COMPLETED":
        raise TakeawayError(
            f"The move ended as {task['Status']} ({task.get('FailureReason', 'no reason given')}) after {count}: "
            "run it again for the rest."
        )
    return count
