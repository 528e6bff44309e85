"""The patches of durable functions, on stand-ins for the parts of MiniStack that they change."""

import asyncio
import threading
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from takeaway.run.engine import durable, durable_invocations
from tests.fakes.people import eventually

NAME, PAYLOAD = "process-order", {"order_id": "1"}
EVENT = {"X-Amz-Invocation-Type": "Event", "X-Amz-Durable-Execution-Name": "order-1"}


def executions() -> Any:
    """MiniStack's module of durable executions, as far as it is used here."""
    module = SimpleNamespace(__name__="durable", _executions={}, history=[], resumed=[])

    def build(function: str, version: str, name: str | None = None) -> tuple[str, str, str]:
        return f"{function}:{version}/durable-execution/token/id", name or "token", "token"

    def create(function: str, version: str, payload: str, name: str | None, **_: Any) -> dict[str, Any]:
        arn, named, _ = module.build_durable_execution_arn(function, version, name)
        module._executions[arn] = execution(arn, named, version, payload, function)
        found: dict[str, Any] = module._executions[arn]
        return found

    def resume(arn: str, *_: object) -> None:
        module.resumed.append(arn)

    def apply(of: dict[str, Any], update: dict[str, Any]) -> None:
        of["Operations"].append({"Id": update["Id"], "StepDetails": {"Attempt": 0}, "said": update})
        of["History"].append({"EventType": "CallbackStarted", "CallbackStartedDetails": {}})

    def tell(of: Any, kind: str, key: str, details: Any, **_: Any) -> None:
        module.history.append((kind, details))

    def complete(arn: str, result: object, error: object) -> None:
        module._executions[arn]["Status"] = "FAILED" if error else "SUCCEEDED"

    module.build_durable_execution_arn, module.create_execution_for_invoke = build, create
    module._resume_execution, module.schedule_resume, module.handle_get_history = resume, resume, resume
    module._apply_update, module._emit_history_event = apply, tell
    module.mark_execution_completed, module._time_out_execution, module.handle_stop = complete, complete, complete
    module.new_checkpoint_token = lambda: "new"
    return module


def execution(arn: str, name: str, version: str = "1", payload: str = "", function: str = "arn") -> dict[str, Any]:
    return {
        "DurableExecutionArn": arn,
        "DurableExecutionName": name,
        "FunctionArn": function,
        "Version": version,
        "InputPayload": payload,
        "Status": "RUNNING",
        "StartTimestamp": 1.0,
        "EndTimestamp": 2.0,
        "Operations": [],
        "History": [],
    }


def service(module: Any, run: Callable[[str], None]) -> Any:
    """MiniStack's Lambda, whose function of one version does `run` with the ARN of its execution."""

    async def invoke(name: str, event: Any, headers: dict[str, str], *_: object) -> Any:
        is_dry = headers.get("x-amz-invocation-type") == "DryRun"
        return (204, {"X-Amz-Executed-Version": "1"}, b"") if is_dry else (200, {}, b"at once")

    def execute(func: Any, event: dict[str, Any]) -> dict[str, Any]:
        run(event["DurableExecutionArn"])
        return {"error": func["fails"].pop() if func["fails"] else False}

    def resume(name: str, arn: str, event: Any) -> None:
        found._execute_function(found._functions[name], {"DurableExecutionArn": arn})

    found = SimpleNamespace(
        __name__="service",
        _functions={NAME: {"config": {"DurableConfig": {"ExecutionTimeout": 9}}, "versions": {"1": {"fails": []}}}},
        _func_arn=lambda name: f"arn:function:{name}",
        _invoke=invoke,
        _execute_function=execute,
        invoke_durable_resume=resume,
        error_response_json=lambda code, message, status: (status, {}, code),
    )
    durable.name_executions(module)
    durable_invocations.Invocations(found, module).take_over()
    return found


def invoked(lambda_: Any, payload: object = None, **headers: str) -> Any:
    return asyncio.run(lambda_._invoke(NAME, payload or PAYLOAD, {**EVENT, **headers}))


def test_an_execution_begins_once_for_its_name_and_payload() -> None:
    ran: list[str] = []
    lambda_ = service(executions(), ran.append)
    status, headers, _ = invoked(lambda_)
    assert (status, headers["X-Amz-Durable-Execution-Arn"]) == (
        202,
        f"arn:function:{NAME}:1/durable-execution/order-1/id",
    )
    assert invoked(lambda_)[1] == headers
    eventually(lambda: ran, "it runs")
    assert ran == [headers["X-Amz-Durable-Execution-Arn"]]


def test_a_name_that_has_another_payload_is_refused() -> None:
    lambda_ = service(executions(), lambda _: None)
    invoked(lambda_)
    assert invoked(lambda_, {"order_id": "2"})[::2] == (409, "DurableExecutionAlreadyStartedException")


def test_whoever_waits_for_the_answer_and_whoever_is_not_durable_is_left_alone() -> None:
    lambda_ = service(executions(), lambda _: None)
    assert invoked(lambda_, **{"X-Amz-Invocation-Type": "RequestResponse"})[2] == b"at once"
    del lambda_._functions[NAME]["config"]["DurableConfig"]
    assert invoked(lambda_)[2] == b"at once"


def test_an_execution_has_one_invocation_at_a_time_and_what_comes_meanwhile_comes_after() -> None:
    begun, go_on = threading.Event(), threading.Event()

    def run(_: str) -> None:
        begun.set()
        go_on.wait(10)

    module = executions()
    lambda_ = service(module, run)
    arn = invoked(lambda_)[1]["X-Amz-Durable-Execution-Arn"]
    assert begun.wait(10)
    module._resume_execution(arn)
    assert module.resumed == []
    go_on.set()
    eventually(lambda: module.resumed == [arn], "it is resumed")


def test_an_invocation_that_fails_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(durable_invocations, "PAUSES", (0.0,) * 3)
    module, ran = executions(), list[str]()
    lambda_ = service(module, ran.append)
    lambda_._functions[NAME]["versions"]["1"]["fails"] = [False, True, True]
    arn = invoked(lambda_)[1]["X-Amz-Durable-Execution-Arn"]
    eventually(lambda: len(ran) == 3, "it runs three times")
    assert module._executions[arn]["Status"] == "RUNNING"


def test_an_execution_whose_invocation_always_fails_has_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(durable_invocations, "PAUSES", (0.0,))
    module = executions()
    lambda_ = service(module, lambda _: None)
    lambda_._functions[NAME]["versions"].clear()  # the version that it began with is gone
    arn = invoked(lambda_)[1]["X-Amz-Durable-Execution-Arn"]
    eventually(lambda: module._executions[arn]["Status"] == "FAILED", "it fails")


def test_tries_of_a_step_are_counted_and_told() -> None:
    module, of = executions(), execution("arn", "order-1")
    durable.count_tries(module)
    module._apply_update(
        of, {"Id": "a", "Type": "STEP", "Action": "RETRY", "StepOptions": {"NextAttemptDelaySeconds": 2}}
    )
    assert of["Operations"][0]["StepDetails"]["Attempt"] == 1
    [(kind, details)] = module.history
    assert (kind, details["RetryDetails"]) == ("StepFailed", {"CurrentAttempt": 1, "NextAttemptDelaySeconds": 2})


def test_a_callback_without_a_heartbeat_has_none_and_its_timeout_is_told() -> None:
    module, of = executions(), execution("arn", "order-1")
    durable.count_tries(module)
    options = {"TimeoutSeconds": 5, "HeartbeatTimeoutSeconds": 0}
    module._apply_update(of, {"Id": "a", "Type": "CALLBACK", "Action": "START", "CallbackOptions": options})
    assert of["Operations"][0]["said"]["CallbackOptions"] == {"TimeoutSeconds": 5}
    assert of["History"][0]["CallbackStartedDetails"] == {"Timeout": 5}


def test_the_default_bus_is_told_once_of_the_end_of_an_execution() -> None:
    module, put = executions(), list[Any]()
    module._executions["arn"] = execution("arn", "order-1")
    durable.tell_ends(module, SimpleNamespace(_put_events=lambda data, **_: put.append(data)))
    for _ in range(2):
        module.mark_execution_completed("arn", None, None)
    [data] = put
    assert data["Entries"][0]["DetailType"] == "Durable Execution Status Change"
    assert '"durableExecutionName": "order-1"' in data["Entries"][0]["Detail"]


def provisioners(lambda_: Any) -> Any:
    """Stand in for the provisioner of functions, which drops properties that it does not know."""

    def create(logical_id: str, properties: dict[str, Any], stack: str) -> Any:
        lambda_._functions["f"] = {"config": {}, "versions": {}}
        return "f", {}

    def update(id_: str, old: dict[str, Any], new: dict[str, Any], stack: str) -> Any:
        return create(id_, new, stack) if old["DurableConfig"] != new["DurableConfig"] else ("f", {})

    module = SimpleNamespace(__name__="provisioners", _lambda_create=create, _lambda_update=update)
    module._RESOURCE_HANDLERS = {durable.FUNCTION: {"create": create, "update": update}}
    return module


def test_a_function_of_a_template_keeps_its_configuration_and_its_versions() -> None:
    lambda_ = SimpleNamespace(_functions={})
    made = provisioners(lambda_)
    durable.keep_configuration(lambda_, made)
    handlers = made._RESOURCE_HANDLERS[durable.FUNCTION]
    handlers["create"]("id", {"DurableConfig": {"ExecutionTimeout": "7200"}}, "stack")
    assert lambda_._functions["f"]["config"]["DurableConfig"] == {"ExecutionTimeout": 7200}
    lambda_._functions["f"]["versions"]["1"] = {}
    old, new = ({"DurableConfig": {"ExecutionTimeout": seconds}} for seconds in (7200, 60))
    handlers["update"]("id", old, new, "stack")
    assert lambda_._functions["f"] == {"config": new, "versions": {"1": {}}}


def test_a_source_that_is_not_as_expected_is_refused() -> None:
    lambda_ = service(executions(), lambda _: None)
    with pytest.raises(SystemExit, match="not as expected"):
        durable.mend(lambda_, executions(), provisioners(lambda_), SimpleNamespace())
    made = provisioners(lambda_)
    made._RESOURCE_HANDLERS[durable.FUNCTION]["create"] = print
    with pytest.raises(SystemExit, match="is not made by _lambda_create"):
        durable.keep_configuration(lambda_, made)
