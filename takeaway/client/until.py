"""An order's traces, once they show something: what a script waits for instead of sleeping."""

import time
from collections.abc import Sequence

from takeaway.client.journey import Traces, timeline
from takeaway.client.system import System

POLL_SECONDS = 0.2


def traces_until(
    system: System, order_id: str, wanted: Sequence[str], *, seconds: float
) -> tuple[Traces, Sequence[str]]:
    """As soon as for each that is wanted a moment of the journey begins so: a state, an event, “issues voucher” …

    After `seconds` they are what there is; the second is what is still missing then.
    """
    deadline = time.monotonic() + seconds
    while True:
        traces = system.traces(order_id)
        there = [moment.what for moment in timeline(traces)]
        missing = [each for each in wanted if not any(what.startswith(each) for what in there)]
        if not missing or time.monotonic() > deadline:
            return traces, missing
        time.sleep(POLL_SECONDS)
