"""What happens by itself: compaction every hour, a report every night."""

from typing import cast

from aws_cdk import Duration, TimeZone
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_scheduler as scheduler
from aws_cdk import aws_scheduler_targets as targets
from constructs import Construct

from shared.infrastructure.deployment import Deployment
from shared.infrastructure.security_checks import accept_versions


def regularly(
    scope: Construct, *, deployment: Deployment, compact_lake: lambda_.Function, write_report: lambda_.Function
) -> None:
    hourly = scheduler.ScheduleExpression.rate(Duration.hours(1))
    nightly = scheduler.ScheduleExpression.cron(hour="3", minute="30", time_zone=TimeZone.ETC_UTC)
    for id_, name, expression, function in (
        ("Compaction", "compact-lake", hourly, compact_lake),
        ("Reporting", "write-report", nightly, write_report),
    ):
        scheduler.Schedule(
            scope,
            id_,
            schedule_name=f"{deployment.prefix}-analytics-{name}",
            schedule=expression,
            target=cast(scheduler.IScheduleTarget, targets.LambdaInvoke(function, retry_attempts=2)),
        )
        accept_versions(scope, function)
