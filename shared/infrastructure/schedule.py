"""Schedules that call a function of a context."""

from typing import cast

from aws_cdk import Stack
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_scheduler as scheduler
from aws_cdk import aws_scheduler_targets as targets
from constructs import Construct

from shared.infrastructure.deployment import Deployment
from shared.infrastructure.security_checks import accept_versions

RETRIES = 2  # for a call that fails; few, because the next one comes anyway


def regularly(
    scope: Construct,
    id: str,
    *,
    deployment: Deployment,
    name: str,
    expression: scheduler.ScheduleExpression,
    function: lambda_.Function,
) -> None:
    """Call `function` by the schedule `takeaway-<stage>-<name>`, whose role may call it and nothing else."""
    scheduler.Schedule(
        scope,
        id,
        schedule_name=f"{deployment.prefix}-{name}",
        schedule=expression,
        target=cast(scheduler.IScheduleTarget, targets.LambdaInvoke(function, retry_attempts=RETRIES)),
    )
    accept_versions(Stack.of(scope), function)  # where the CDK makes the role of a schedule
