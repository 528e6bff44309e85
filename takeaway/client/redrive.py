"""Dead letters go back to the queue that they are the dead letters of: moved by SQS, or by hand where it can't."""

import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from takeaway.client.queues import Queue
from takeaway.client.subscription import Subscription
from takeaway.errors import TakeawayError

POLL_SECONDS = 0.5
STALLED_SECONDS = 300
Moved = Callable[[int], None]


def redrive(subscription: Subscription, moved: Moved) -> int:
    """How many went back; `moved` is told on the way.

    Events that the bus could not deliver wait there as well, as the events that they are, so they go the same way.
    """
    source, destination = subscription.dead_letters, subscription.queue
    try:
        task = _running(source) or _start(source, destination)
    except source.client.exceptions.ClientError as error:
        if error.response["Error"]["Code"] != "InvalidAction":
            raise
        return by_hand(source, destination, moved)
    return _followed(source, task, moved)


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


def _running(source: Queue) -> dict[str, Any] | None:
    """The move that somebody has already begun: there can only be one at a time."""
    task = _latest(source)
    return task if task and task["Status"] == "RUNNING" else None


def _latest(source: Queue) -> dict[str, Any] | None:
    tasks = source.client.list_message_move_tasks(SourceArn=source.arn, MaxResults=1)["Results"]
    return dict(tasks[0]) if tasks else None


def _start(source: Queue, destination: Queue) -> dict[str, Any]:
    # Named, since SQS does not know where an event comes from that was never in the queue.
    return dict(source.client.start_message_move_task(SourceArn=source.arn, DestinationArn=destination.arn))


def _followed(source: Queue, begun: dict[str, Any], moved: Moved) -> int:
    count, changed_at = 0, time.monotonic()
    try:
        while (task := _latest(source) or begun).get("Status", "RUNNING") == "RUNNING":
            if (now := int(task.get("ApproximateNumberOfMessagesMoved", 0))) != count:
                count, changed_at = now, time.monotonic()
                moved(count)
            if time.monotonic() - changed_at > STALLED_SECONDS:
                raise TakeawayError(f"Nothing has moved for {STALLED_SECONDS} s; SQS goes on by itself. {count} moved.")
            time.sleep(POLL_SECONDS)
    except (KeyboardInterrupt, SystemExit):
        with suppress(source.client.exceptions.ClientError):  # it may have ended in this moment
            source.client.cancel_message_move_task(TaskHandle=begun["TaskHandle"])
        raise
    count = int(task.get("ApproximateNumberOfMessagesMoved", count))
    if task["Status"] != "COMPLETED":
        raise TakeawayError(
            f"The move ended as {task['Status']} ({task.get('FailureReason', 'no reason given')}) after {count}: "
            "run it again for the rest."
        )
    return count
