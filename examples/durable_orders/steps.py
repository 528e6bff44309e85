"""The parts of the process: steps that are done once, and waits that end with a decision or with their timeout."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from aws_durable_execution_sdk_python import DurableContext
from aws_durable_execution_sdk_python.config import CallbackConfig, Duration, StepConfig
from aws_durable_execution_sdk_python.exceptions import CallbackTimeoutError, DurableOperationError
from aws_durable_execution_sdk_python.retries import RetryStrategyConfig, create_retry_strategy

from contexts.orders.application.ports import Wait
from contexts.orders.workflow.steps import STEPS
from contexts.orders.workflow.task import workflow_task

TASKS = {name: workflow_task(step.use_case) for name, step in STEPS.items()}
# retries of a step and their longest pause in seconds: before the restaurant has decided, and after
HASTE, PATIENCE = (5, 30), (14, 60)
# more states than one tell the user something, or give that up
NAMED_OTHERWISE = {
    "Notify user of outcome": "notify_user",
    "Notify user of failure": "notify_user",
    "Skip notification of failure": "skip_notification",
}


class Callbacks(Protocol):
    def store(self, order_id: str, wait: Wait, callback_id: str) -> str | None:
        """Store the callback id in the order's item, unless the order is decided: then return the decision.

        Raises OrderNotFound.
        """


@dataclass(frozen=True)
class Steps:
    """One order's execution. `timeouts` are in seconds; no step is retried more often than `most_retries`."""

    context: DurableContext
    order_id: str
    callbacks: Callbacks
    timeouts: Mapping[Wait, int]
    most_retries: int

    def does(self, state: str, *, patient: bool = True) -> dict[str, str | None]:
        """Do the step of that state, and return what its task answers. Raises DurableOperationError."""
        task = TASKS[NAMED_OTHERWISE.get(state) or state.lower().replace(" ", "_")]
        call = {"order_id": self.order_id}
        return self.context.step(
            lambda _: task(call, self.context.lambda_context), name=state, config=self._retried(patient=patient)
        )

    def tells(self, state: str, *, instead: str = "Skip notification") -> None:
        """Do a step that sends a mail. A mail that can't be sent stops no order. Raises DurableOperationError."""
        try:
            self.does(state)
        except DurableOperationError:
            self.does(instead)

    def awaits(self, state: str, wait: Wait) -> str | None:
        """Wait until people have decided, and return their decision; None if the wait has timed out.

        After a timeout the order item is asked, because a decision may have come whose callback got lost.

        Raises DurableOperationError.
        """

        def waiting(context: DurableContext) -> str | None:
            timeout = CallbackConfig(timeout=Duration.from_seconds(self.timeouts[wait]))
            callback: Any = context.create_callback(name=f"{state}: callback", config=timeout)
            decided: str | None = context.step(
                lambda _: self.callbacks.store(self.order_id, wait, callback.callback_id),
                name=f"{state}: store callback",
                config=self._retried(patient=wait is Wait.COMPLETION),
            )
            if decided:
                return decided
            try:
                return str(json.loads(callback.result())[wait])
            except CallbackTimeoutError:
                return None

        return self.context.run_in_child_context(waiting, name=state)

    def _retried(self, *, patient: bool) -> StepConfig:
        retries, longest = PATIENCE if patient else HASTE
        strategy = RetryStrategyConfig(
            max_attempts=1 + min(retries, self.most_retries),
            initial_delay=Duration.from_seconds(1),
            max_delay=Duration.from_seconds(longest),
            backoff_rate=2,
        )
        return StepConfig(retry_strategy=create_retry_strategy(strategy))
