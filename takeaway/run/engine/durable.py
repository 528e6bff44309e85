"""Mend durable functions of MiniStack, so that their executions go as they do on AWS.

1. CloudFormation keeps a function's DurableConfig, and the function's versions when that changes. MiniStack drops both.
2. An asynchronous invocation begins an execution, which goes on by what the function answers, and has the name that was
   asked for; the same name with the same payload is the same execution. MiniStack does not look at the answer, and
   gives names at random. Its own key `Enabled` of a DurableConfig, which AWS does not have, is not used.
3. An execution has one invocation at a time, of the version that it began with. MiniStack invalidates the token of an
   invocation that runs when a callback comes, and goes on with whatever code the function has by then. It resumes one
   execution after the other, so that each waits for all.
4. An invocation that fails is tried again, one that is throttled as long as it takes. MiniStack leaves its execution
   running for ever.
5. Tries of a step are counted and told in the history. MiniStack counts none, so that a step is tried for ever.
6. A callback without a heartbeat has none, and its timeout is told in the history. The SDK says 0 for "none", which
   MiniStack takes for a deadline.
7. Times are those of the clock. MiniStack cuts them to whole seconds.
8. The default bus is told of the end of an execution. MiniStack tells nobody.

Imported by the engine's own interpreter: the standard library only.
"""

import inspect
import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote

from takeaway.run.engine.durable_invocations import Invocations
from takeaway.run.engine.mending import IncompatibleEngine, expected_once, put_around

FUNCTION = "AWS::Lambda::Function"
# what the patches below build on, by the function of MiniStack that has it
ACTS_ON_ENABLED = 'get("DurableConfig", {}).get("Enabled")'
RESUMES = "lambda_svc.invoke_durable_resume(function_name, arn, event)"
COUNTS = '(1 if action in ("SUCCEED", "FAIL") else 0)'
TAKES_ZERO = 'hb_s = cb_opts.get("HeartbeatTimeoutSeconds")'
CUTS_TIMES = 'clone["EventTimestamp"] = _to_unix_seconds(clone["EventTimestamp"])'


def mend(service: Any, durable: Any, provisioners: Any, bus: Any) -> None:
    """Patch these modules of MiniStack: Lambda, durable executions, CloudFormation's provisioners, and EventBridge."""
    for function, part in (
        (service._invoke, ACTS_ON_ENABLED),
        (durable._resume_execution, RESUMES),
        (durable._apply_update, COUNTS),
        (durable._apply_update, TAKES_ZERO),
        (durable.handle_get_history, CUTS_TIMES),
    ):
        expected_once(inspect.getsource(function), part)
    keep_configuration(service, provisioners)
    name_executions(durable)
    Invocations(service, durable).take_over()
    count_tries(durable)
    durable._to_unix_seconds = lambda at: None if at is None else float(at)
    tell_ends(durable, bus)


def keep_configuration(service: Any, provisioners: Any) -> None:
    """A function made from a template is durable if the template says so; its versions copy that from it."""
    handlers = provisioners._RESOURCE_HANDLERS[FUNCTION]
    if (handlers["create"], handlers["update"]) != (provisioners._lambda_create, provisioners._lambda_update):
        raise IncompatibleEngine(f"MiniStack is not as expected: {FUNCTION} is not made by _lambda_create")

    def create(original: Callable[..., Any], logical_id: str, properties: Mapping[str, Any], stack: str) -> Any:
        name, attributes = original(logical_id, properties, stack)
        configure(name, properties)
        return name, attributes

    def update(
        original: Callable[..., Any], id_: str, old: Mapping[str, Any], new: Mapping[str, Any], *more: Any
    ) -> Any:
        if "DurableConfig" in old and "DurableConfig" in new:  # changed in place, else the versions would be lost
            old = {**old, "DurableConfig": new["DurableConfig"]}
        name, attributes = original(id_, old, new, *more)
        configure(name, new)
        return name, attributes

    def configure(name: str, properties: Mapping[str, Any]) -> None:
        if config := properties.get("DurableConfig"):
            numbers = {key: int(value) if str(value).isdecimal() else value for key, value in config.items()}
            service._functions[name]["config"]["DurableConfig"] = numbers

    put_around(provisioners, "_lambda_create", create)
    put_around(provisioners, "_lambda_update", update)
    handlers |= {"create": provisioners._lambda_create, "update": provisioners._lambda_update}


def name_executions(durable: Any) -> None:
    """The ARN of an execution has its name."""

    def with_name(build: Callable[..., Any], function: str, version: str, name: str | None = None) -> Any:
        arn, named, token = build(function, version, name)
        return (arn.replace(f"/{token}/", f"/{name}/") if name else arn), named, token

    put_around(durable, "build_durable_execution_arn", with_name)


def count_tries(durable: Any) -> None:
    """Count the tries of a step, and drop a callback's options that are 0."""

    def apply(original: Callable[..., Any], execution: Any, update: Mapping[str, Any]) -> None:
        if options := update.get("CallbackOptions"):
            update = {**update, "CallbackOptions": {key: value for key, value in options.items() if value}}
        original(execution, update)
        if seconds := update.get("CallbackOptions", {}).get("TimeoutSeconds"):
            started = next(each for each in reversed(execution["History"]) if each["EventType"] == "CallbackStarted")
            started["CallbackStartedDetails"]["Timeout"] = seconds
        if (update.get("Type"), update.get("Action")) == ("STEP", "RETRY"):
            step = next(each for each in execution["Operations"] if each["Id"] == update["Id"])
            step["StepDetails"]["Attempt"] += 1
            retry = {
                "CurrentAttempt": step["StepDetails"]["Attempt"],
                "NextAttemptDelaySeconds": update.get("StepOptions", {}).get("NextAttemptDelaySeconds", 0),
            }
            details = {"Error": {"Payload": update.get("Error") or {}, "Truncated": False}, "RetryDetails": retry}
            durable._emit_history_event(
                execution, "StepFailed", "StepFailedDetails", details, name=update.get("Name"), event_id=update["Id"]
            )

    put_around(durable, "_apply_update", apply)


def tell_ends(durable: Any, bus: Any) -> None:
    """Publish one event about the end of each execution, whatever has ended it."""

    def told(execution_of: Callable[[Any], Any]) -> Callable[..., Any]:
        def around(original: Callable[..., Any], first: Any, *args: Any, **kwargs: Any) -> Any:
            execution = execution_of(first)
            was_running = execution and execution["Status"] == "RUNNING"
            answer = original(first, *args, **kwargs)
            if was_running and execution["Status"] != "RUNNING":
                bus._put_events({"Entries": [_entry(execution)]}, allow_aws_source=True)
            return answer

        return around

    put_around(durable, "mark_execution_completed", told(durable._executions.get))
    put_around(durable, "_time_out_execution", told(lambda execution: execution))
    put_around(durable, "handle_stop", told(lambda path: durable._executions.get(unquote(path))))


def _entry(execution: Mapping[str, Any]) -> dict[str, Any]:
    detail = {
        "durableExecutionArn": execution["DurableExecutionArn"],
        "durableExecutionName": execution["DurableExecutionName"],
        "functionArn": f"{execution['FunctionArn']}:{execution['Version']}",
        "status": execution["Status"],
        "startTimestamp": datetime.fromtimestamp(execution["StartTimestamp"], UTC).isoformat(),
        "endTimestamp": datetime.fromtimestamp(execution["EndTimestamp"], UTC).isoformat(),
    }
    return {
        "Source": "aws.lambda",
        "DetailType": "Durable Execution Status Change",
        "Detail": json.dumps(detail),
        "Resources": [],
    }
