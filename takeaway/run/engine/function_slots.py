"""Let a call of a function wait for a free slot of the account, as AWS would try it again.

Imported by the engine's own interpreter: the standard library only.
"""

import os
import threading
import time
from collections.abc import Callable
from typing import Any

from takeaway.run.engine.mending import put_around

# Taken out of the environment, because functions inherit the engine's.
SLOT_WAIT_SECONDS = float(os.environ.pop("TAKEAWAY_SLOT_WAIT_SECONDS", "20"))


def queue_for_slots(service: Any) -> None:
    """Let a call wait for a free slot of the account; a function's reserved concurrency throttles at once, as on AWS.

    The wait is bounded, because a function that invokes another one may hold the slot that the other waits for.
    """
    freed = threading.Condition()

    def acquire_or_wait(acquire: Callable[..., Any], func: Any, config: Any) -> Any:
        deadline = time.monotonic() + SLOT_WAIT_SECONDS
        with freed:
            while True:
                slot, limit = acquire(func, config)
                left = deadline - time.monotonic()
                if slot is not None or limit == "function" or left <= 0:
                    return slot, limit
                freed.wait(left)

    def release_and_announce(release: Callable[..., Any], slot: Any) -> None:
        with freed:
            release(slot)
            freed.notify()

    put_around(service, "_acquire_execution_slot", acquire_or_wait)
    put_around(service, "_release_execution_slot", release_and_announce)
