"""Durable executions that ended from outside, as Lambda lists them; and the queue that has their orders closed."""

import json
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal

from contexts.orders.application.ports import Ended

if TYPE_CHECKING:
    from types_boto3_lambda import LambdaClient
    from types_boto3_sqs import SQSClient

ENDED: tuple[Literal["FAILED", "TIMED_OUT", "STOPPED"], ...] = ("FAILED", "TIMED_OUT", "STOPPED")


class DurableExecutions:
    """`lasts_at_most` is how long an execution may take, after which it is TIMED_OUT."""

    def __init__(
        self,
        functions: "LambdaClient",
        function_arn: str,
        queues: "SQSClient",
        queue_url: str,
        *,
        lasts_at_most: timedelta,
    ) -> None:
        self._functions, self._function = functions, function_arn.rpartition(":")[0]
        self._queues, self._queue_url = queues, queue_url
        self._lasts_at_most = lasts_at_most

    def ended(self, *, since: datetime, until: datetime) -> Iterator[Ended]:
        executions = self._functions.get_paginator("list_durable_executions_by_function")
        for version in self._versions():
            for status in ENDED:
                for page in executions.paginate(
                    FunctionName=self._function,
                    Qualifier=version,
                    Statuses=[status],
                    StartedAfter=since - self._lasts_at_most,
                ):
                    for execution in page["DurableExecutions"]:
                        if since <= execution["EndTimestamp"] < until:
                            yield Ended(execution["DurableExecutionName"], status)

    def have_closed(self, ended: Iterable[Ended]) -> None:
        for each in ended:
            self._queues.send_message(QueueUrl=self._queue_url, MessageBody=_as_told(each))

    def _versions(self) -> Iterator[str]:
        """An execution is listed with the version that it began with."""
        for page in self._functions.get_paginator("list_versions_by_function").paginate(FunctionName=self._function):
            yield from (each["Version"] for each in page["Versions"] if each["Version"] != "$LATEST")


def _as_told(ended: Ended) -> str:
    """Return the event that the default bus would have carried, with the fields that somebody reads."""
    return json.dumps({"detail": {"durableExecutionName": ended.order_id, "status": ended.status}})
