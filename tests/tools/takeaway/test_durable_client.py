"""An operator's view of durable executions: what is done to one that has ended meanwhile."""

from dataclasses import dataclass
from typing import Any, cast

import pytest
from botocore.exceptions import ClientError

from takeaway.run.client.durable import DurableWorkflow
from takeaway.run.client.target import Target


@dataclass
class Refusing:
    """A target whose Lambda refuses to stop its one execution, which has this status."""

    status: str
    lists: str = ""

    def client(self, _service: str) -> "Refusing":
        return self

    def get_paginator(self, operation: str) -> "Refusing":
        return Refusing(self.status, operation)

    def paginate(self, **_asked: Any) -> list[Any]:
        if self.lists == "list_versions_by_function":
            return [{"Versions": [{"Version": "1"}]}]
        return [{"DurableExecutions": [{"DurableExecutionArn": "arn"}]}]

    def get_durable_execution(self, **_asked: Any) -> Any:
        return {"Status": self.status}

    def stop_durable_execution(self, **_asked: Any) -> None:
        raise ClientError({"Error": {"Code": "InvalidParameterValueException"}}, "StopDurableExecution")


def stop(status: str) -> None:
    DurableWorkflow(cast(Target, Refusing(status)), "function:live").stop("order", why="by hand")


@pytest.mark.parametrize("status", ["STOPPED", "SUCCEEDED", "TIMED_OUT"])
def test_stopping_an_execution_that_has_ended_meanwhile_changes_nothing(status: str) -> None:
    stop(status)


def test_an_execution_that_runs_and_can_not_be_stopped_is_told() -> None:
    with pytest.raises(ClientError):
        stop("RUNNING")
