"""The launcher's patches, on stand-ins for the parts of MiniStack that they change."""

import threading
from types import SimpleNamespace
from typing import Any

import pytest

from takeaway.run.engine import chosen_rules, function_errors, function_slots, mending
from takeaway.run.engine import ministack_launcher as launcher


def runtime_and_service(answer: dict[str, Any], body: dict[str, Any]) -> tuple[Any, Any]:
    """Return a worker that gives this answer, and a service that makes this body of it, like MiniStack's."""

    class Worker:
        def invoke(self) -> dict[str, Any]:
            return answer

    runtime = SimpleNamespace(
        __name__="runtime", _PYTHON_WORKER_SCRIPT=f"before {function_errors.WORKER_REPORTS} after", Worker=Worker
    )

    def execute() -> dict[str, Any]:
        answered = Worker().invoke()
        return {"body": dict(body), "error": answered["status"] == "error"}

    return runtime, SimpleNamespace(__name__="service", _execute_function_warm=execute)


def slots(count: int) -> Any:
    """Return slots for functions that refuse at once when none is free, like MiniStack's."""
    taken: list[str] = []

    def acquire(func: dict[str, Any], config: object) -> tuple[str | None, str | None]:
        if func.get("reserved") == 0:
            return None, "function"
        if len(taken) >= count:
            return None, "account"
        taken.append("slot")
        return "slot", None

    def release(slot: str) -> None:
        taken.remove(slot)

    return SimpleNamespace(__name__="service", _acquire_execution_slot=acquire, _release_execution_slot=release)


def test_an_exception_is_named_by_its_class() -> None:
    runtime, service = runtime_and_service(
        {"status": "ok", "error_class": "PaymentDeclined"}, {"errorType": "Runtime.HandlerError"}
    )
    function_errors.keep_error_classes(runtime, service)
    assert service._execute_function_warm()["body"]["errorType"] == "PaymentDeclined"


def test_what_is_no_exception_of_the_function_keeps_its_name() -> None:
    runtime, service = runtime_and_service({"status": "error"}, {"errorType": "Sandbox.Timedout"})
    function_errors.keep_error_classes(runtime, service)
    assert service._execute_function_warm()["body"]["errorType"] == "Sandbox.Timedout"


def test_a_result_is_left_alone() -> None:
    runtime, service = runtime_and_service({"status": "ok"}, {"errorType": "a field of the result"})
    function_errors.keep_error_classes(runtime, service)
    assert service._execute_function_warm()["body"]["errorType"] == "a field of the result"


def test_the_worker_is_made_to_send_the_class() -> None:
    runtime, service = runtime_and_service({"status": "ok"}, {})
    function_errors.keep_error_classes(runtime, service)
    script: str = runtime._PYTHON_WORKER_SCRIPT
    assert script == f"before {function_errors.WORKER_REPORTS_CLASS} after"


LOADING = "Traceback (most recent call last):\n  at the top\nImportError: no"


def logged(answer: dict[str, Any]) -> list[str]:
    """Return the log events of a call, if the service answers so and logs line by line, like MiniStack."""
    stream: list[str] = []
    runtime = SimpleNamespace(_PYTHON_WORKER_SCRIPT=function_errors.WORKER_CAN_NOT_LOAD)
    service = SimpleNamespace(__name__="service", _execute_function_warm=lambda: answer)
    logs = SimpleNamespace(
        __name__="logs", _append_log_events=lambda to, events: to.extend(each["message"] for each in events)
    )
    function_errors.log_what_failed(runtime, service, logs)
    lines = ["START", *service._execute_function_warm()["log"].splitlines(), "END RequestId: 1", "REPORT"]
    logs._append_log_events(stream, [{"message": line} for line in lines])
    assert runtime._PYTHON_WORKER_SCRIPT == function_errors.WORKER_SAYS_WHY
    return stream


def test_what_a_function_raises_is_one_event_of_its_log_with_its_traceback() -> None:
    body = {"errorType": "KeyError", "errorMessage": "'total'"}
    assert logged({"error": True, "body": body, "log": "a line\nTraceback (most recent call last):\n  here"}) == [
        "START",
        "a line",
        "[ERROR] KeyError: 'total'\nTraceback (most recent call last):\n  here",
        "END RequestId: 1",
        "REPORT",
    ]


def test_a_function_whose_code_can_not_be_loaded_says_why_in_its_log_and_its_answer() -> None:
    message = f"{function_errors.NOT_LOADED}ImportError: no\n{LOADING}"
    answer = {"error": True, "body": {"errorType": "RuntimeError", "errorMessage": message}, "log": ""}
    assert logged(answer)[1] == f"[ERROR] ImportError: no\n{LOADING}"
    assert answer["body"] == {"errorType": "ImportError", "errorMessage": "no"}


@pytest.mark.parametrize(
    "answer",
    [
        {"body": {"done": True}, "log": "one\ntwo"},
        {"error": True, "body": {"errorType": "Sandbox.Timedout", "errorMessage": "late"}, "log": "one\ntwo"},
    ],
)
def test_what_is_no_exception_is_logged_as_it_is(answer: dict[str, Any]) -> None:
    assert logged(answer) == ["START", "one", "two", "END RequestId: 1", "REPORT"]


def test_a_function_waits_for_a_slot_until_one_is_free() -> None:
    service = slots(1)
    function_slots.queue_for_slots(service)
    first, _ = service._acquire_execution_slot({}, {})
    got: list[object] = []
    waiting = threading.Thread(target=lambda: got.append(service._acquire_execution_slot({}, {})))
    waiting.start()
    waiting.join(0.2)
    assert waiting.is_alive()
    service._release_execution_slot(first)
    waiting.join(10)
    assert got == [("slot", None)]


def test_the_wait_for_a_slot_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(function_slots, "SLOT_WAIT_SECONDS", 0.05)
    service = slots(0)
    function_slots.queue_for_slots(service)
    assert service._acquire_execution_slot({}, {}) == (None, "account")


def test_a_function_at_its_own_limit_is_throttled_at_once() -> None:
    service = slots(1)
    function_slots.queue_for_slots(service)
    assert service._acquire_execution_slot({"reserved": 0}, {}) == (None, "function")


HERE, ELSEWHERE = "arn:aws:events:::event-bus/here", "arn:aws:events:::event-bus/elsewhere"
RULES = [
    {"Arn": "arn:rule/here/chosen", "EventBusName": "here"},
    {"Arn": "arn:rule/here/other", "EventBusName": "here"},
    {"Arn": "arn:rule/elsewhere/any", "EventBusName": "elsewhere"},
]


def bus_with_replays() -> Any:
    """Return a bus like MiniStack's: a replayed event carries its replay's name, and goes to every rule."""
    replays: dict[str, Any] = {}
    invoked: list[str] = []

    def start_replay(name: str, dest: dict[str, Any]) -> None:
        replays[name] = {
            "Destination": dest,
        }
        replayed = {"id": "1"}
        replayed["ReplayName"] = name
        dispatch(replayed)

    def dispatch(event: dict[str, Any]) -> None:
        for rule in RULES:
            bus._invoke_target({"Arn": "arn:queue"}, event, rule, None)

    def invoke_target(target: Any, event: Any, rule: Any, view: Any = None) -> None:
        invoked.append(rule["Arn"])

    bus = SimpleNamespace(
        __name__="bus",
        _start_replay=start_replay,
        _invoke_target=invoke_target,
        _replays=replays,
        dispatch=dispatch,
        invoked=invoked,
    )
    return bus


def test_a_replay_goes_to_the_rules_that_were_chosen_and_to_those_of_other_buses() -> None:
    bus = bus_with_replays()
    chosen_rules.replay_to_chosen_rules(bus)
    bus._start_replay("replay", {"Arn": HERE, "FilterArns": ["arn:rule/here/chosen"]})
    assert bus.invoked == ["arn:rule/here/chosen", "arn:rule/elsewhere/any"]


@pytest.mark.parametrize("destination", [{"Arn": HERE}, {"Arn": HERE, "FilterArns": []}])
def test_a_replay_for_which_no_rule_was_chosen_goes_to_all(destination: dict[str, Any]) -> None:
    bus = bus_with_replays()
    chosen_rules.replay_to_chosen_rules(bus)
    bus._start_replay("replay", destination)
    assert bus.invoked == [rule["Arn"] for rule in RULES]


def test_an_event_that_is_not_replayed_goes_to_all_rules() -> None:
    bus = bus_with_replays()
    chosen_rules.replay_to_chosen_rules(bus)
    bus._start_replay("replay", {"Arn": ELSEWHERE, "FilterArns": ["arn:rule/elsewhere/none"]})
    bus.invoked.clear()
    bus.dispatch({"id": "2"})
    assert bus.invoked == [rule["Arn"] for rule in RULES]


def test_another_version_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(launcher.importlib.metadata, "version", lambda _: "1.6.0")
    with pytest.raises(SystemExit, match=r"1\.6\.0 is installed, 1\.5\.33 is needed"):
        launcher.check_version()


def test_a_patch_that_does_not_bite_is_refused() -> None:
    with pytest.raises(SystemExit, match="there 0 times"):
        mending.replaced_once("something else", "this", "that")
    with pytest.raises(SystemExit, match=r"no service\._acquire_execution_slot"):
        function_slots.queue_for_slots(SimpleNamespace(__name__="service"))
    bus = bus_with_replays()
    bus._start_replay = lambda name: None
    with pytest.raises(SystemExit, match="'\"Destination\": dest,' is there 0 times"):
        chosen_rules.replay_to_chosen_rules(bus)
