"""The order workflow as the use cases see it: start it, wake it up."""

import json
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from contexts.orders.application.ports import CallbackLost

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
        try:
            self._client.send_task_success(taskToken=token, output=json.dumps(outcome))
        except ClientError as error:
            code = error.response["Error"]["Code"]
            if code not in NOBODY_WAITS:
                raise CallbackLost(code) from error
        except BotoCoreError as error:
            raise CallbackLost(type(error).__name__) from error
