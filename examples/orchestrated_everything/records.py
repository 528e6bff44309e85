"""Events as the neighbours' functions take them: records of a queue, which here is none."""

import json
from collections.abc import Sequence
from typing import Any

from contexts.orders.published_events import SOURCE, Event


def records(events: Sequence[Event]) -> list[dict[str, Any]]:
    """One for each event that neighbours can read, as their own rules would choose them.

    An answer's `batchItemFailures` name them by the event's id.
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
