"""Stops a context's consumer and lets it go on: an outage on purpose, in which messages wait and none is lost.

Its function is closed to callers as well: in a system that orchestrates everything there are some.
"""

import time
from collections.abc import Sequence
from typing import Any

from takeaway.errors import TakeawayError
from takeaway.run.client.subscription import Subscription

ENABLED, DISABLED = "Enabled", "Disabled"
DEADLINE_SECONDS, POLL_SECONDS = 180, 0.2


def is_out(subscription: Subscription) -> bool:
    """Whether nothing reads the queue: its event source mappings are disabled, or about to be."""
    return _all(_mappings(subscription), DISABLED, "Disabling")


def switch(subscription: Subscription, *, out: bool, deadline_seconds: float = DEADLINE_SECONDS) -> bool:
    """Returns when it is as wanted; whether that was a change. A batch that is being worked on is still finished."""
    functions = subscription.target.client("lambda")
    if not out:
        functions.delete_function_concurrency(FunctionName=subscription.function)  # none has one of its own
    changed = _switch_mappings(subscription, functions, out=out, deadline_seconds=deadline_seconds)
    if out:  # only now: a queue that is still read would take what is refused for a failure
        functions.put_function_concurrency(FunctionName=subscription.function, ReservedConcurrentExecutions=0)
    return changed


def _switch_mappings(subscription: Subscription, functions: Any, *, out: bool, deadline_seconds: float) -> bool:
    before, wanted = (ENABLED, DISABLED) if out else (DISABLED, ENABLED)
    asked: set[str] = set()
    deadline = time.monotonic() + deadline_seconds
    while not _all(mappings := _mappings(subscription), wanted):
        for mapping in mappings:
            # AWS refuses to change one that is changing.
            if mapping["State"] == before and mapping["UUID"] not in asked:
                functions.update_event_source_mapping(UUID=mapping["UUID"], Enabled=not out)
                asked.add(mapping["UUID"])
        if time.monotonic() > deadline:
            states = ", ".join(sorted({str(each["State"]) for each in mappings}))
            raise TakeawayError(f"{subscription.context} is {states} after {deadline_seconds:.0f} s, not {wanted}.")
        time.sleep(POLL_SECONDS)
    return bool(asked)


def _all(mappings: Sequence[dict[str, Any]], *states: str) -> bool:
    return all(each["State"] in states for each in mappings)


def _mappings(subscription: Subscription) -> Sequence[dict[str, Any]]:
    pages = subscription.target.client("lambda").get_paginator("list_event_source_mappings")
    wanted = {"EventSourceArn": subscription.queue.arn, "FunctionName": subscription.function}
    found = [each for page in pages.paginate(**wanted) for each in page["EventSourceMappings"]]
    if not found:
        raise TakeawayError(f"Nothing reads {subscription.queue.name}: deploy {subscription.context} again.")
    return found
