"""Invoke durable functions as AWS does: one invocation of an execution at a time, tried again where it fails.

durable.py says what MiniStack does instead. Imported by the engine's own interpreter: the standard library only.
"""

import contextvars
import json
import threading
import time
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

from takeaway.run.engine.mending import put_around

PAUSES = (0.5, 1, 2, 4, 8)  # seconds until an invocation that failed is tried again; then its execution has failed
THROTTLED = 0.5  # seconds until one that was throttled is tried again, which is no failure


class Invocations:
    """Begins executions, and goes on with each: one invocation at a time, each in a thread of its own."""

    def __init__(self, service: Any, durable: Any) -> None:
        self._service, self._durable = service, durable
        self._guard = threading.Lock()
        self._running: dict[str, bool] = {}  # by the ARN of an execution: whether something has come meanwhile
        self._failed: set[str] = set()  # executions whose last invocation did
        self._throttled: set[str] = set()  # … was

    def take_over(self) -> None:
        put_around(self._service, "_invoke", self.begin)
        put_around(self._service, "_execute_function", self.execute)
        put_around(self._durable, "_resume_execution", self.resume)

    async def begin(
        self, invoke: Callable[..., Any], name: str, event: Any, headers: Mapping[str, str], *more: Any, **others: Any
    ) -> Any:
        """In place of an asynchronous invocation of a durable function."""
        sent = {key.lower(): value for key, value in headers.items()}
        config = (
            self._service._functions[name]["config"].get("DurableConfig") if name in self._service._functions else None
        )
        if not config or sent.get("x-amz-invocation-type") != "Event":
            return await invoke(name, event, headers, *more, **others)
        looked = await invoke(name, event, {**sent, "x-amz-invocation-type": "DryRun"}, *more, **others)
        if looked[0] != HTTPStatus.NO_CONTENT:
            return looked
        version, payload = looked[1]["X-Amz-Executed-Version"], json.dumps(event)
        wanted = sent.get("x-amz-durable-execution-name")
        with self._guard:
            found = self._named(wanted) if wanted else None
            execution = found or self._durable.create_execution_for_invoke(
                self._service._func_arn(name),
                version,
                payload,
                wanted,
                execution_timeout=config.get("ExecutionTimeout"),
            )
        if found and found["InputPayload"] != payload:
            error = "DurableExecutionAlreadyStartedException"
            return self._service.error_response_json(
                error, f"Execution {wanted} has another payload", HTTPStatus.CONFLICT
            )
        arn = execution["DurableExecutionArn"]
        if not found:
            self._go(arn, lambda: self._service.invoke_durable_resume(name, arn, event))
        return HTTPStatus.ACCEPTED, {"X-Amz-Executed-Version": version, "X-Amz-Durable-Execution-Arn": arn}, b""

    def resume(self, resume: Callable[..., Any], arn: str, *scope: Any) -> None:
        """In place of going on at once: a timer has elapsed, or a callback has come."""
        self._go(arn, lambda: resume(arn, *scope))

    def execute(self, execute: Callable[..., Any], func: Any, event: Any) -> Any:
        """The invocation itself, of the version that the execution began with."""
        arn = event.get("DurableExecutionArn") if isinstance(event, dict) else None
        execution = self._durable._executions.get(arn) if arn else None
        if not arn or not execution:
            return execute(func, event)
        version = execution["Version"]
        if version != "$LATEST":
            func = func.get("versions", {}).get(version)
        answer = execute(func, event) if func else {"error": True, "body": {"errorType": "ResourceNotFoundException"}}
        throttled = bool(answer.get("throttle"))
        (self._throttled.add if throttled else self._throttled.discard)(arn)
        (self._failed.add if answer.get("error") and not throttled else self._failed.discard)(arn)
        return answer

    def _named(self, name: str) -> Any:
        return next((each for each in self._durable._executions.values() if each["DurableExecutionName"] == name), None)

    def _go(self, arn: str, invocation: Callable[[], Any]) -> None:
        with self._guard:
            if arn in self._running:
                self._running[arn] = True
                return
            self._running[arn] = False
        run = contextvars.copy_context().run  # whose account and region it is
        threading.Thread(target=run, args=(self._work, arn, invocation), daemon=True, name="durable").start()

    def _work(self, arn: str, invocation: Callable[[], Any]) -> None:
        try:
            invocation()
            pauses = iter(PAUSES)
            while arn in self._throttled | self._failed:
                pause = THROTTLED if arn in self._throttled else next(pauses, None)
                if pause is None:
                    break
                time.sleep(pause)
                self._again(arn)
            if arn in self._failed:
                self._failed.discard(arn)
                error = {
                    "ErrorType": "InvocationFailed",
                    "ErrorMessage": "An invocation failed however often it was tried",
                }
                self._durable.mark_execution_completed(arn, None, error)
        finally:
            with self._guard:
                again = self._running.pop(arn)
            if again:
                self._durable.schedule_resume(arn)

    def _again(self, arn: str) -> None:
        execution = self._durable._executions[arn]
        if execution["Status"] != "RUNNING":
            self._failed.discard(arn)
            self._throttled.discard(arn)
            return
        execution["CheckpointToken"] = self._durable.new_checkpoint_token()
        self._service.invoke_durable_resume(execution["FunctionArn"].rsplit(":", 1)[-1], arn, {})
