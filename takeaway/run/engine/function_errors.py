"""Report what a function raises by its class, and log it as one event, as on AWS.

Imported by the engine's own interpreter: the standard library only.
"""

import threading
from collections.abc import Callable
from typing import Any

from takeaway.run.engine.mending import put_around, replaced_once

WORKER_REPORTS = '{"status": "error", "error": str(e), "trace": traceback.format_exc()}'
WORKER_REPORTS_CLASS = (
    '{"status": "ok", "error": str(e), "error_class": type(e).__name__, "trace": traceback.format_exc()}'
)
WORKER_CAN_NOT_LOAD = '{"status": "error", "error": str(e)}'
WORKER_SAYS_WHY = '{"status": "error", "error": f"{type(e).__name__}: {e}\\n{traceback.format_exc()}"}'
NOT_LOADED = "Worker init failed: "  # the prefix that the service puts before the worker's message
ERROR, END = "[ERROR] ", "END RequestId: "


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
