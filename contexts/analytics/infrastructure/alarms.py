"""What the team of analytics is told of, beside its subscription. Each description names its section of the runbook."""

from collections.abc import Mapping
from typing import Any, cast

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from shared.infrastructure.deployment import Deployment

RUNBOOK = "contexts/analytics/README.md"
EVERY = Duration.minutes(5)


class AnalyticsAlarms(Construct):
    """An event that could not be read, and a scheduled function that fails."""

    def __init__(
        self, scope: Construct, id: str, *, deployment: Deployment, functions: Mapping[str, lambda_.Function]
    ) -> None:
        super().__init__(scope, id)
        quarantined = cloudwatch.Metric(
            namespace=deployment.metrics_namespace,
            metric_name="EventsQuarantined",
            dimensions_map={"service": "analytics"},
            period=EVERY,
            statistic="Sum",
        )
        prefix = f"{deployment.prefix}-analytics"
        self._on_any("Quarantine", f"{prefix}-quarantine", "an event could not be read", "quarantine", quarantined)
        for name, function in functions.items():
            self._on_any(
                f"{function.node.id}Errors", f"{prefix}-{name}-errors", f"{name} failed", "schedules",
                function.metric_errors(period=EVERY),
            )  # fmt: skip

    def _on_any(self, id: str, name: str, what: str, section: str, metric: cloudwatch.IMetric) -> None:
        cloudwatch.Alarm(
            self,
            id,
            alarm_name=name,
            alarm_description=f"{what}; what to do: {RUNBOOK}#{section}",
            metric=cast(Any, metric),
            threshold=1,
            evaluation_periods=1,
            comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
            treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
        )
