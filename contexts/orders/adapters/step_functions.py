"""The order workflow as the use cases see it: start it, wake it up."""

import json
from typing import TYPE_CHECKING

from contexts.orders.adapters.callbacks import lost_unless

if TYPE_CHECKING:
    from types_boto3_stepfunctions import SFNClient

# Error codes that mean: the workflow has moved on, by a timeout, an earlier callback or a stop. Engines differ in them.
NOBODY_WAITS = frozenset({"TaskTimedOut", "TaskDoesNotExist", "InvalidToken"})


class StepFunctionsWorkflow:
    """Implements the port Workflow."""

    def __init__(self, client: "SFNClient", state_machine_arn: str) -> None:
        self._client, self._state_machine_arn = client, state_machine_arn

    def start(self, order_id: str) -> None:
        try:
            self._client.start_execution(
                stateMachineArn=self._state_machine_arn, name=order_id, input=json.dumps({"order_id": order_id})
            )
        except self._client.exceptions.ExecutionAlreadyExists:
            return  # started by an earlier call with the same key

    def resume(self, token: str, outcome: dict[str, str]) -> None:
        with lost_unless(NOBODY_WAITS):
            self._client.send_task_success(taskToken=token, output=json.dumps(outcome))
