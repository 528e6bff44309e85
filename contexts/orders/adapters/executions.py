"""The executions that ended from outside, listed by Step Functions, and the queue that has their orders closed."""

import json
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from contexts.orders.application.ports import ENDED, Ended

if TYPE_CHECKING:
    from types_boto3_sqs import SQSClient
    from types_boto3_stepfunctions import SFNClient


class StepFunctionsExecutions:
    """Implements the port Executions.

    `lasts_at_most` is the timeout of an execution. Step Functions lists executions by their start, so a search may stop
    at those that started so long ago that they ended before it.
    """

    def __init__(
        self,
        workflow: "SFNClient",
        state_machine_arn: str,
        queues: "SQSClient",
        queue_url: str,
        *,
        lasts_at_most: timedelta,
    ) -> None:
        self._workflow, self._state_machine_arn = workflow, state_machine_arn
        self._queues, self._queue_url = queues, queue_url
        self._lasts_at_most = lasts_at_most

    def ended(self, *, since: datetime, until: datetime) -> Iterator[Ended]:
        pages = self._workflow.get_paginator("list_executions")
        for status in ENDED:
            for page in pages.paginate(stateMachineArn=self._state_machine_arn, statusFilter=status):
                for execution in page["executions"]:  # the last started comes first
                    if execution["startDate"] < since - self._lasts_at_most:
                        break
                    if since <= execution["stopDate"] < until:
                        yield Ended(execution["name"], status)
                else:
                    continue
                break

    def have_closed(self, ended: Iterable[Ended]) -> None:
        for each in ended:
            self._queues.send_message(QueueUrl=self._queue_url, MessageBody=_as_told(each))


def _as_told(ended: Ended) -> str:
    """Make the message that the default bus would have sent, with the two fields that are read."""
    return json.dumps({"detail": {"name": ended.order_id, "status": ended.status}})
