"""Alarms about durable executions, under the names that those about a state machine have."""

from collections.abc import Iterator

from aws_cdk import aws_lambda as lambda_

from shared.infrastructure.signals import EVERY, SOON
from shared.infrastructure.watched import Line, Signal


def of_executions(function: lambda_.Function) -> Iterator[Line]:
    """Yield an alarm for each way in which an execution can end other than by success."""
    for name, metric, tells in (
        ("failed-orders", "DurableExecutionFailed", "an order failed after all retries"),
        ("executions-timed-out", "DurableExecutionTimedOut", "an execution outlived the deadlines of its waits"),
        ("executions-aborted", "DurableExecutionStopped", "somebody stopped an execution"),
    ):
        found = function.metric(metric, period=SOON, statistic="Sum")
        yield Signal(name=name, tells=tells, graph="Workflow: what went wrong", label=name, metric=found)
    for metric, label in (("DurableExecutionStarted", "started"), ("DurableExecutionSucceeded", "succeeded")):
        yield Line(
            graph="Workflow: executions", label=label, metric=function.metric(metric, period=EVERY, statistic="Sum")
        )
