"""A task of a workflow acts under the role of its state machine, as on AWS. MiniStack allows it everything."""

from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

from evaluation import arn, may  # type: ignore[import-not-found]
from ministack.services import stepfunctions  # type: ignore[import-not-found]

from takeaway.run.engine.mending import put_around

machines_of_tokens: dict[str, str] = {}
_machine: ContextVar[dict[str, Any]] = ContextVar("machine")  # the machine whose task runs


def act_under_the_role_of_their_machine() -> None:
    put_around(stepfunctions, "_execute_task", _knowing_its_machine)
    put_around(stepfunctions, "_invoke_resource", _checked)
    put_around(stepfunctions, "_invoke_with_callback", _checked)


def needs(resource: str, task: dict[str, Any]) -> tuple[str, str]:
    """Return the action that a task must be allowed, and on which resource. An unknown kind of task is refused."""
    integration = resource.removeprefix("arn:aws:states:::").removeprefix("aws-sdk:").removesuffix(".waitForTaskToken")
    match integration.split(":"):
        case ["lambda", "invoke"]:
            return "lambda:InvokeFunction", task["FunctionName"]
        case ["dynamodb", operation]:
            return f"dynamodb:{operation[0].upper()}{operation[1:]}", arn("dynamodb", f"table/{task['TableName']}")
    return f"unknown:{integration}", resource


def _knowing_its_machine(execute: Callable[..., Any], state: Any, raw_input: Any, execution: Any, context: Any) -> Any:
    _machine.set(stepfunctions._state_machines.get(execution["stateMachineArn"]))
    return execute(state, raw_input, execution, context)


def _checked(invoke: Callable[..., Any], resource: str, task: Any, *callback: Any) -> Any:
    """Run a task of a workflow only if its machine's role may.

    The token of a task that waits for a callback is remembered with its machine, because the callback is checked later.
    """
    machine, (action, on) = _machine.get(), needs(resource, task)
    if not may(machine["roleArn"], action, on):
        told = f"{machine['roleArn']} is not authorized to perform: {action} on resource: {on}"
        raise stepfunctions._ExecutionError("AccessDeniedException", told)
    if callback:
        machines_of_tokens[callback[0]] = machine["stateMachineArn"]
    return invoke(resource, task, *callback)
