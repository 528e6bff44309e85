"""Executions that end from outside (stopped, timed out, failed) are seen, and their orders closed.

By an event, within seconds; and where that event is lost, which EventBridge delivers at best effort, by a look at the
list of executions every quarter of an hour.
"""

from collections.abc import Mapping
from typing import Any

from aws_cdk import Duration
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_lambda_event_sources as event_sources
from aws_cdk import aws_scheduler as scheduler
from constructs import Construct

from contexts.orders.infrastructure.database import OrdersTable
from shared.infrastructure.context_function import ContextFunction
from shared.infrastructure.deployment import Deployment
from shared.infrastructure.interface import as_interface
from shared.infrastructure.schedule import regularly
from shared.infrastructure.subscribed_queue import queues, redelivery

MAX_RECEIVES = 5
RECONCILED_EVERY = 15  # minutes


class OrderClosing(Construct):
    """The default bus tells of the end of every execution; a queue keeps that until the order is closed.

    `ended` is what it tells of those that ended from outside. `executions` is what who looks at their list must know of
    them, `lasts_at_most` how many seconds one may take: older ones need not be looked at. `others` are of its function.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        deployment: Deployment,
        ended: events.EventPattern,
        executions: Mapping[str, str],
        table: OrdersTable,
        close_order: ContextFunction,
        lasts_at_most: int,
        **others: Any,
    ) -> None:
        super().__init__(scope, id)
        prefix = f"{deployment.prefix}-orders-closing"
        hidden, _ = redelivery(deployment, close_order, tries=MAX_RECEIVES)
        self.queue, self.dead_letters = queues(self, prefix, hidden, MAX_RECEIVES)
        self.rule_name = f"{prefix}-execution-ended"
        events.Rule(
            self,
            "ExecutionEnded",
            rule_name=self.rule_name,
            description="An execution ended without reaching an end of the workflow",
            event_pattern=ended,
            targets=[as_interface(targets.SqsQueue(self.queue, dead_letter_queue=self.dead_letters))],
        )
        close_order.add_event_source(
            as_interface(event_sources.SqsEventSource(self.queue, batch_size=10, report_batch_item_failures=True))
        )
        self.reconcile_orders = ContextFunction(
            self,
            "ReconcileOrders",
            deployment=deployment,
            context="orders",
            handler="reconcile_orders",
            timeout_seconds=120,
            environment={
                **table.environment,
                **executions,
                "CLOSING_QUEUE_URL": self.queue.queue_url,
                "ORDER_TIMEOUT_SECONDS": str(lasts_at_most),
            },
            **others,
        )
        table.let(self.reconcile_orders, "dynamodb:GetItem")
        self.queue.grant(as_interface(self.reconcile_orders), "sqs:SendMessage")
        regularly(
            self,
            "Reconciliation",
            deployment=deployment,
            name="orders-reconcile-orders",
            expression=scheduler.ScheduleExpression.rate(Duration.minutes(RECONCILED_EVERY)),
            function=self.reconcile_orders,
        )
