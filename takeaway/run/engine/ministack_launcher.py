"""Start MiniStack with eight patches: functions, their logs and replays behave as on AWS, and nothing waits idly.

1. A function that raises reports its exception's class name as `errorType`. MiniStack says "Runtime.HandlerError" for
   all of them, so no Retry or Catch of a workflow could tell them apart. (function_errors.py)
2. A function that raises goes on with its next call. MiniStack ends its process, and the next call is a cold start.
3. A function's error is logged as one event that begins with [ERROR]. MiniStack logs nothing when a function's code
   can't be loaded, and logs every line of a traceback as an event of its own.
4. A function for which no slot is free waits for one. MiniStack throttles at once, and events from SNS or the bus are
   then lost, where AWS would retry them for hours. (function_slots.py)
5. A replay goes to the rules that its FilterArns name. MiniStack gives it to every rule of the bus. (chosen_rules.py)
6. Executions of durable functions begin, go on and end as on AWS. (durable.py, which lists what is mended of them)
7. A function's process begins as a copy of one that has imported boto3 and Powertools, so it is there in a third of
   the time. (forked_functions.py)
8. A question about a stack that is being deployed is answered when that has ended, so the CDK CLI does not wait five
   seconds for each. (stable_stacks.py)

Run by path with the engine's own interpreter, which has MiniStack but nothing of what this project installs: only the
standard library, `ministack` and modules of this folder that keep to that may be imported here. The patches reach into
private names of one exact version and refuse to start with any other; nothing is changed on disk.
"""

import importlib.metadata
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

sys.path.append(str(Path(__file__).parents[3]))  # by path, Python has only this folder there
from takeaway.run.engine import durable
from takeaway.run.engine.chosen_rules import replay_to_chosen_rules
from takeaway.run.engine.forked_functions import fork_functions
from takeaway.run.engine.function_errors import keep_error_classes, log_what_failed
from takeaway.run.engine.function_slots import queue_for_slots
from takeaway.run.engine.mending import VERSION, IncompatibleEngine
from takeaway.run.engine.stable_stacks import answer_when_stable

OWNER_PIPE = os.environ.pop("TAKEAWAY_OWNER_PIPE", "")  # popped, because functions inherit the engine's environment
STOP_GRACE_SECONDS = 2


def check_version() -> None:
    installed = importlib.metadata.version("ministack")
    if installed != VERSION:
        raise IncompatibleEngine(
            f"MiniStack {installed} is installed, {VERSION} is needed: run `make setup`, or look at the patches anew"
        )


def stop_with_owner(pipe: int) -> None:
    """End the engine when its owner, which holds the pipe's other end, is gone, even if the owner was killed."""

    def watch() -> None:
        while os.read(pipe, 1):
            pass
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(STOP_GRACE_SECONDS)
        os.killpg(os.getpgrp(), signal.SIGKILL)

    threading.Thread(target=watch, daemon=True, name="owner").start()


def main(*more: Callable[[], None]) -> None:
    """Apply the patches and serve; `more` are further patches, for a test that needs another engine."""
    check_version()
    if OWNER_PIPE:
        stop_with_owner(int(OWNER_PIPE))
    from ministack.core import lambda_runtime  # type: ignore[import-not-found]  # noqa: PLC0415
    from ministack.services import (  # type: ignore[import-not-found]  # noqa: PLC0415
        cloudformation,
        cloudwatch_logs,
        eventbridge,
        lambda_durable,
        lambda_svc,
    )
    from ministack.services.cloudformation import handlers, provisioners  # type: ignore[import-not-found]  # noqa: PLC0415

    keep_error_classes(lambda_runtime, lambda_svc)
    log_what_failed(lambda_runtime, lambda_svc, cloudwatch_logs)
    fork_functions(lambda_runtime)
    answer_when_stable(cloudformation, handlers)
    queue_for_slots(lambda_svc)
    replay_to_chosen_rules(eventbridge)
    durable.mend(lambda_svc, lambda_durable, provisioners, eventbridge)
    for mend in more:
        mend()
    from ministack.app import main as serve  # type: ignore[import-not-found]  # noqa: PLC0415

    sys.argv = sys.argv[:1]
    serve()


if __name__ == "__main__":
    main()
