"""Closes the orders of executions that ended from outside (stopped, timed out, failed).

An event starts it within seconds. EventBridge delivers that event at best effort, so a function also reads the list of
executions every quarter of an hour.
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
    """The rule, queue and functions that close orders.

    The default bus tells of the end of every execution; a queue keeps the message until the order is closed. `ended` is
    the pattern of those that ended from outside. `executions` has the variables by which `reconcile_orders` finds their
    list, `others` are further options of that function.
    `lasts_at_most` is the timeout of an execution in seconds, so that older ones need not be read.
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
