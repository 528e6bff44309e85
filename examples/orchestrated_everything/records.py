"""Events in the form that the neighbours' functions take: records of a queue, although there is none here."""

import json
from collections.abc import Sequence
from typing import Any

from contexts.orders.published_events import SOURCE, Event


def records(events: Sequence[Event]) -> list[dict[str, Any]]:
    """Make a record for each event that neighbours can read, with the same filter as their own rules.

    The function's answer names failed records in `batchItemFailures` by the event's id.
    """
    return [
        {
            "messageId": event.event_id,
            "eventSource": "aws:sqs",
            "attributes": {"ApproximateReceiveCount": "1"},
            "body": json.dumps({"source": SOURCE, "detail-type": event.type, "detail": event.detail}),
        }
        for event in events
        if "breaks" not in event.detail["metadata"]
    ]
