"""The order workflow as the rest of this context sees it: start it, wake it up."""

import json
from typing import TYPE_CHECKING

from contexts.orders.adapters.callbacks import lost_unless

if TYPE_CHECKING:
    from types_boto3_lambda import LambdaClient

# The workflow has moved on, by a timeout, an earlier callback or a stop; or its history is deleted.
NOBODY_WAITS = frozenset({"CallbackTimeoutException", "ResourceNotFoundException"})


class DurableWorkflow:
    """An execution is named by its order: the same name and payload again is the same execution."""

    def __init__(self, client: "LambdaClient", function_arn: str) -> None:
        self._client, self._function_arn = client, function_arn

    def start(self, order_id: str) -> None:
        self._client.invoke(
            FunctionName=self._function_arn,
            InvocationType="Event",
            DurableExecutionName=order_id,
            Payload=json.dumps({"order_id": order_id}),
        )

    def resume(self, token: str, outcome: dict[str, str]) -> None:
        with lost_unless(NOBODY_WAITS):
            self._client.send_durable_execution_callback_success(CallbackId=token, Result=json.dumps(outcome))
