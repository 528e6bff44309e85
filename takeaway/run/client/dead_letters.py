"""Look at the messages in a dead-letter queue without removing them, and redrive them to their source queue.

SQS moves them (`StartMessageMoveTask`); where an engine can't, this module receives, sends and deletes each message.
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

UNKNOWN = "not known: the searched part of the function's log has no error with this message_id"
POLL_SECONDS = 0.5
STALLED_SECONDS = 300
RUNNING = "RUNNING"
LOOKS_PER_TELLING = 5  # reading the log takes longer than counting the queue
Moved = Callable[[int], None]
Told = Callable[[Consumer], None]


@dataclass(frozen=True)
class DeadLetter:
    """A message that a function gave up on, with the reason as far as it is known.

    `received` is SQS's receive count: the function's tries and every look at the dead-letter queue, this one too.
    """

    message_id: str
    reason: str
    sent_at: datetime
    received: int
    body: str = field(repr=False)


def await_first(subscription: Subscription, *, seconds: float, told: Told = lambda _: None) -> None:
    """Wait until there is a dead letter, for up to `seconds`; `told` hears the consumer's health on the way."""
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
    """Return up to `limit` dead letters, oldest first, each with why it failed.

    They are invisible to other readers meanwhile, and back when it ends. Receiving once more has no consequence,
    because a dead-letter queue has no dead-letter queue of its own. Source: SQS, and the function's log.
    """
    with subscription.dead_letters.held() as held:
        messages = list(islice((message for batch in held.batches() for message in batch), limit))
    messages.sort(key=lambda message: message.sent_at)
    # An event that EventBridge could not deliver keeps that error even when the function has failed on it since.
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
    """Map message ids to the last failure of the whole function since the message came, such as a missing module.

    Without it a message would have no reason, because a function that does not start logs no message id.
    """
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
    """The error that EventBridge attached to an event that it could not bring to the queue; else empty."""
    said = (message.attributes.get(name, {}).get("StringValue") for name in ("ERROR_CODE", "ERROR_MESSAGE"))
    words = ": ".join(each for each in said if each)
    return f"EventBridge could not deliver it: {words}" if words else ""


def redrive(subscription: Subscription, moved: Moved) -> int:
    """Move all dead letters back to the queue, and return how many; `moved` hears the count on the way.

    Events that the bus could not deliver are moved as well: they lie there unchanged, so the function can read them.
    Raises TakeawayError when SQS's move fails, or when nothing has moved for 300 seconds.
    """
    source, destination = subscription.dead_letters, subscription.queue
    try:
        before = _latest(source)
    except source.client.exceptions.ClientError as error:
        if error.response["Error"]["Code"] != "InvalidAction":
            raise
        return by_hand(source, destination, moved)
    if before.get("Status") == RUNNING:  # begun by somebody else: SQS allows one at a time
        return _followed(source, before["TaskHandle"], {}, moved)
    # The destination is named, because SQS knows no source queue of an event that was never in one.
    begun = source.client.start_message_move_task(SourceArn=source.arn, DestinationArn=destination.arn)
    return _followed(source, begun["TaskHandle"], before, moved)


def by_hand(source: Queue, destination: Queue, moved: Moved) -> int:
    """Receive, send, then delete each message, in this order so that a killed process loses none.

    One message may then be there twice; consumers are idempotent, so that does no harm.
    """
    sent: set[str] = set()
    with source.held() as held:
        for batch in held.batches():
            for message in batch:
                if message.id in sent:
                    continue  # moved by this call, and failed again meanwhile: moving it again might never end
                sent.add(destination.send(message))
                held.delete(message)
                moved(len(sent))
    return len(sent)


def _latest(source: Queue) -> dict[str, Any]:
    """The last move task of this queue, as SQS lists it; empty if there was none."""
    tasks = source.client.list_message_move_tasks(SourceArn=source.arn, MaxResults=1)["Results"]
    return dict(tasks[0]) if tasks else {}


def _followed(source: Queue, handle: str, before: dict[str, Any], moved: Moved) -> int:
    """Wait for the end of the move task that followed `before`, and return how many messages it moved.

    SQS may list `before` for a moment after the new task has begun. Interrupted, the task is cancelled.
    """
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
