"""Start MiniStack with eight patches, so that functions, their logs and replays behave as they do on AWS.

1. A function that raises reports its exception's class name as `errorType`. MiniStack says "Runtime.HandlerError" for
   all of them, so no Retry or Catch of a workflow could tell them apart.
2. A function that raises goes on with its next call. MiniStack ends its process, and the next call is a cold start.
3. A function for which no slot is free waits for one. MiniStack throttles at once, and events from SNS or the bus are
   then lost, where AWS would retry them for hours.
4. A replay goes to the rules that its FilterArns name. MiniStack gives it to every rule of the bus.
5. A function's error is logged as one event that begins with [ERROR]. MiniStack logs nothing when a function's code
   can't be loaded, and logs every line of a traceback as an event of its own.
6. Executions of durable functions begin, go on and end as on AWS: durable.py lists what is mended of them.
7. A function's process begins as a copy of one that has imported boto3 and Powertools: forked_functions.py.
8. A question about a stack that is being deployed is answered when that has ended: stable_stacks.py.

Run by path with the engine's own interpreter, which has MiniStack but nothing of what this project installs: only the
standard library, `ministack` and modules of this folder that keep to that may be imported here. The patches reach into
private names of one exact version and refuse to start with any other; nothing is changed on disk.
"""

import importlib.metadata
import inspect
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.append(str(Path(__file__).parents[3]))  # by path, Python has only this folder there
from takeaway.run.engine import durable, forked_functions, stable_stacks
from takeaway.run.engine.mending import VERSION, IncompatibleEngine, expected_once, put_around, replaced_once

SLOT_WAIT_SECONDS = float(os.environ.pop("TAKEAWAY_SLOT_WAIT_SECONDS", "20"))
OWNER_PIPE = os.environ.pop("TAKEAWAY_OWNER_PIPE", "")  # popped, because functions inherit the engine's environment
STOP_GRACE_SECONDS = 2

WORKER_REPORTS = '{"status": "error", "error": str(e), "trace": traceback.format_exc()}'
WORKER_REPORTS_CLASS = (
    '{"status": "ok", "error": str(e), "error_class": type(e).__name__, "trace": traceback.format_exc()}'
)
WORKER_CAN_NOT_LOAD = '{"status": "error", "error": str(e)}'
WORKER_SAYS_WHY = '{"status": "error", "error": f"{type(e).__name__}: {e}\\n{traceback.format_exc()}"}'
NOT_LOADED = "Worker init failed: "  # the prefix that the service puts before the worker's message
ERROR, END = "[ERROR] ", "END RequestId: "
REPLAY_KEEPS_ITS_DESTINATION = '"Destination": dest,'
REPLAYED_EVENT_NAMES_ITS_REPLAY = 'replayed["ReplayName"] = name'


def check_version() -> None:
    installed = importlib.metadata.version("ministack")
    if installed != VERSION:
        raise IncompatibleEngine(
            f"MiniStack {installed} is installed, {VERSION} is needed: run `make setup`, or look at the patches anew"
        )


def keep_error_classes(runtime: Any, service: Any) -> None:
    """Report the exception's class: the worker sends it along, and a thread-local carries it through the service.

    MiniStack ends a worker that answers with the status "error", so the worker answers "ok", and the status is set
    to "error" after MiniStack has looked at it.
    """
    runtime._PYTHON_WORKER_SCRIPT = replaced_once(
        runtime._PYTHON_WORKER_SCRIPT,
        WORKER_REPORTS,
        WORKER_REPORTS_CLASS,
    )
    reported = threading.local()

    def note_the_class(invoke: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        answer = invoke(*args, **kwargs)
        reported.error_class = answer.get("error_class")
        return {**answer, "status": "error"} if reported.error_class else answer

    def name_the_class(execute: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        reported.error_class = None
        answer = execute(*args, **kwargs)
        if reported.error_class and answer.get("error") and isinstance(answer.get("body"), dict):
            answer["body"]["errorType"] = reported.error_class
        return answer

    put_around(runtime.Worker, "invoke", note_the_class)
    put_around(service, "_execute_function_warm", name_the_class)


def log_what_failed(runtime: Any, service: Any, logs: Any) -> None:
    """Log each error as one event. Has to be called after `keep_error_classes`, which puts the class into answers."""
    runtime._PYTHON_WORKER_SCRIPT = replaced_once(runtime._PYTHON_WORKER_SCRIPT, WORKER_CAN_NOT_LOAD, WORKER_SAYS_WHY)

    def add_the_error(execute: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        answer = execute(*args, **kwargs)
        body = answer.get("body")
        if not answer.get("error") or not isinstance(body, dict) or body.get("errorType") == "Sandbox.Timedout":
            return answer
        log, message = answer.get("log") or "", str(body.get("errorMessage"))
        if message.startswith(NOT_LOADED):
            said, _, trace = message.removeprefix(NOT_LOADED).partition("\n")
            body["errorType"], _, body["errorMessage"] = said.partition(": ")
        else:
            log, begin, trace = log.rpartition("Traceback (most recent call last):")
            log, trace = (log, begin + trace) if begin else (trace, "")
        answer["log"] = f"{log.rstrip()}\n{ERROR}{body['errorType']}: {body['errorMessage']}\n{trace}".strip()
        return answer

    def in_one_piece(append: Callable[..., Any], stream: Any, events: Any, *args: Any) -> Any:
        messages = [event["message"] for event in events]
        begin = next((at for at, each in enumerate(messages) if each.startswith(ERROR)), None)
        end = next((at for at, each in enumerate(messages) if each.startswith(END)), 0)
        if begin is not None and begin < end:
            whole = {**events[begin], "message": "\n".join(messages[begin:end])}
            events = [*events[:begin], whole, *events[end:]]
        return append(stream, events, *args)

    put_around(service, "_execute_function_warm", add_the_error)
    put_around(logs, "_append_log_events", in_one_piece)


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


def replay_to_chosen_rules(bus: Any) -> None:
    """Deliver a replayed event only to the rules that its replay's destination names."""
    source = inspect.getsource(bus._start_replay)
    expected_once(source, REPLAY_KEEPS_ITS_DESTINATION)
    expected_once(source, REPLAYED_EVENT_NAMES_ITS_REPLAY)

    def invoke_if_chosen(invoke: Callable[..., Any], target: Any, event: Any, rule: Any, *args: Any) -> Any:
        replay = bus._replays.get(event["ReplayName"]) if event.get("ReplayName") else None
        destination = replay["Destination"] if replay else {}
        # An event that a chosen rule forwards to another bus goes to all rules of that bus.
        is_there = destination.get("Arn", "").endswith(f":event-bus/{rule['EventBusName']}")
        if is_there and destination.get("FilterArns") and rule["Arn"] not in destination["FilterArns"]:
            return None
        return invoke(target, event, rule, *args)

    put_around(bus, "_invoke_target", invoke_if_chosen)


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
    forked_functions.fork_functions(lambda_runtime)
    stable_stacks.answer_when_stable(cloudformation, handlers)
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
