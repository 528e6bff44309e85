"""Answer a question about one stack when its deployment has ended, so that the CDK CLI need not ask a second time.

The CLI asks right after it has begun a deployment, and then every five seconds. A deployment takes about half a second
here, so nearly all of its time would be the pause.

Imported by the engine's own interpreter: the standard library only.
"""

import asyncio
import time
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qs

from takeaway.run.engine.mending import expected_callable, put_around

LONGEST_SECONDS = 5.0  # the CLI's own pause: with this nobody learns later than without
POLL_SECONDS = 0.02
ASKED, UNDER_WAY, NOT_YET_BEGUN = "DescribeStacks", "_IN_PROGRESS", "REVIEW_IN_PROGRESS"


def answer_when_stable(cloudformation: Any, handlers: Any) -> None:
    found = expected_callable(handlers, "_resolve_stack")

    def is_under_way(name: str) -> bool:
        stack: Mapping[str, Any] = found(name) or {}
        status = str(stack.get("StackStatus"))
        return status.endswith(UNDER_WAY) and status != NOT_YET_BEGUN

    async def wait_first(handle: Callable[..., Any], *request: Any) -> Any:
        _method, _path, _headers, body, _query = request
        asked = parse_qs((body or b"").decode(errors="replace"))
        names = asked.get("StackName", []) if asked.get("Action") == [ASKED] else []
        until = time.monotonic() + LONGEST_SECONDS
        while any(map(is_under_way, names)) and time.monotonic() < until:
            await asyncio.sleep(POLL_SECONDS)
        return await handle(*request)

    put_around(cloudformation, "handle_request", wait_first)
