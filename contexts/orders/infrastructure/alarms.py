"""What the team of orders is told of. Each alarm's description names its section of the runbook."""

from typing import Any, cast

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_sqs as sqs
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from shared.infrastructure.deployment import Deployment

RUNBOOK = "contexts/orders/README.md"
EVERY = Duration.minutes(1)


class OrdersAlarms(Construct):
    """An order that failed, one that could not be closed, and a customer who could not be told."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        deployment: Deployment,
        state_machine: sfn.StateMachine,
        closing_dead_letters: sqs.Queue,
    ) -> None:
        super().__init__(scope, id)
        self._prefix = f"{deployment.prefix}-orders"
        not_notified = cloudwatch.Metric(
            namespace=deployment.metrics_namespace,
            metric_name="UserNotNotified",
            dimensions_map={"service": "orders"},
        )
        self._on_any("failed-orders", "an order failed after all retries", state_machine.metric_failed(period=EVERY))
        self._on_any(
            "unclosed-orders",
            "an execution ended from outside and its order could not be closed",
            closing_dead_letters.metric_approximate_number_of_messages_visible(period=EVERY),
        )
        self._on_any("users-not-notified", "a mail could not be sent; its order went on", not_notified)

    def _on_any(self, name: str, what: str, metric: cloudwatch.IMetric) -> None:
        cloudwatch.Alarm(
            self,
            name.title().replace("-", ""),
            alarm_name=f"{self._prefix}-{name}",
            alarm_description=f"{what}; what to do: {RUNBOOK}#{name}",
            metric=cast(Any, metric),
            threshold=1,
            evaluation_periods=1,
            comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
            treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
        )
