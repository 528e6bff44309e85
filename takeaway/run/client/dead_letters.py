"""A look into a dead-letter queue that takes nothing away: what is in it, since when, and why."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice

from takeaway.run.client.function_log import last_errors
from takeaway.run.client.queues import Message
from takeaway.run.client.subscription import Subscription

POLL_SECONDS = 0.5
UNKNOWN = "not known: the function's log has no error with this message_id"


@dataclass(frozen=True)
class DeadLetter:
    """`received` counts the tries of the function and every look, this one too."""

    message_id: str
    reason: str
    sent_at: datetime
    received: int
    body: str = field(repr=False)


def await_first(subscription: Subscription, *, seconds: float) -> None:
    """Returns when there is one, or the time is up."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and not subscription.dead_letters.depth().waiting:
        time.sleep(POLL_SECONDS)


def look(subscription: Subscription, *, limit: int) -> list[DeadLetter]:
    """Up to `limit` of them, oldest first. They are hidden from others while it looks, and are back when it ends.

    A dead-letter queue has none of its own, so being received once more has no consequence.
    """
    with subscription.dead_letters.held() as held:
        messages = list(islice((message for batch in held.batches() for message in batch), limit))
    messages.sort(key=lambda message: message.sent_at)
    # An event that was once undeliverable keeps EventBridge's words when the function has failed on it since.
    logged = _logged(subscription, [each for each in messages if each.came_from or not _undeliverable(each)])
    return [
        DeadLetter(
            message_id=message.id,
            reason=logged.get(message.id) or _undeliverable(message) or UNKNOWN,
            sent_at=message.sent_at,
            received=message.received,
            body=message.body,
        )
        for message in messages
    ]


def _logged(subscription: Subscription, messages: Sequence[Message]) -> dict[str, str]:
    if not messages:
        return {}
    ids, since = [message.id for message in messages], messages[0].sent_at
    return dict(last_errors(subscription.target, subscription.function, ids, since=since))


def _undeliverable(message: Message) -> str:
    """What EventBridge says of an event that it could not bring to the queue."""
    said = (message.attributes.get(name, {}).get("StringValue") for name in ("ERROR_CODE", "ERROR_MESSAGE"))
    words = ": ".join(each for each in said if each)
    return f"EventBridge could not deliver it: {words}" if words else ""
