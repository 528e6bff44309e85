"""The stack of orders with a durable function as its workflow: it takes the place of the orders stack."""

from typing import Any

from aws_cdk import Stack
from aws_cdk import aws_events as events
from constructs import Construct

from contexts.orders.infrastructure import outputs, signals
from contexts.orders.infrastructure.api import OrdersApi
from contexts.orders.infrastructure.api_function import api_function
from contexts.orders.infrastructure.closing import OrderClosing
from contexts.orders.infrastructure.database import OrdersTable
from contexts.orders.infrastructure.parameters import OrdersParameters
from contexts.orders.infrastructure.steps import OrderSteps
from contexts.orders.infrastructure.topic import RestaurantsTopic
from examples.durable_orders.infrastructure.process import PACKAGE, OrderProcess
from examples.durable_orders.infrastructure.signals import of_executions
from shared.infrastructure.deployment import Deployment
from shared.infrastructure.monitoring import Monitoring
from shared.infrastructure.signals import of_function
from shared.said_by_stacks import SETTINGS


class DurableOrdersStack(Stack):
    """Orders with a durable function: the same API, table, topic, events and source as OrdersStack.

    A resource that has the same name there has the same id here, so that one stack can be deployed over the other.
    """

    def __init__(
        self, scope: Construct, id: str, *, deployment: Deployment, parameters: OrdersParameters, **kwargs: Any
    ) -> None:
        super().__init__(scope, id, **kwargs)
        self.add_metadata(SETTINGS, parameters.told)
        table = OrdersTable(self, "Orders", deployment=deployment, retention_days=parameters.retention_days)
        topic = RestaurantsTopic(self, "Restaurants", deployment=deployment)
        steps = OrderSteps(
            self,
            "Steps",
            deployment=deployment,
            parameters=parameters,
            table=table,
            bus=events.EventBus.from_event_bus_name(self, "Bus", deployment.bus_name),
            topic=topic,
            handlers_in=PACKAGE,
        )
        process = OrderProcess(self, "Process", deployment=deployment, parameters=parameters, topic=topic, steps=steps)
        close_order = steps.step_to_customers("close_order")
        closing = OrderClosing(
            self,
            "Closing",
            deployment=deployment,
            ended=process.ended,
            executions=process.environment,
            table=table,
            close_order=close_order,
            lasts_at_most=parameters.order_timeout,
            handlers_in=PACKAGE,
        )
        process.let(closing.reconcile_orders, "lambda:ListDurableExecutionsByFunction", "lambda:ListVersionsByFunction")
        function = api_function(
            self,
            deployment=deployment,
            parameters=parameters,
            table=table,
            executions=process.environment,
            handlers_in=PACKAGE,
        )
        process.let_start(function)
        process.let(function, "lambda:SendDurableExecutionCallbackSuccess")
        api = OrdersApi(self, "Gateway", deployment=deployment, function=function, logs=parameters.api_logs)
        Monitoring(
            self,
            "Monitoring",
            deployment=deployment,
            context="orders",
            watched=[
                *signals.of_api(api),
                *of_executions(process.function),
                *signals.of_closing(closing, deployment),
                *signals.of_reconciliation(closing, deployment),
                *signals.of_people(deployment, topic),
                *steps.mailing.watched(),
                *of_function(function),
                *of_function(close_order),
                *of_function(closing.reconcile_orders),
                *of_function(process.function),
            ],
        )
        outputs.tell(
            self,
            deployment,
            parameters,
            api=api,
            table=table,
            topic=topic,
            System="durable",
            ProcessFunctionArn=process.alias.function_arn,
            ReconcileFunctionName=closing.reconcile_orders.function_name,
            ClosingQueueUrl=closing.queue.queue_url,
            ClosingDeadLetterQueueUrl=closing.dead_letters.queue_url,
            ClosingFunctionName=close_order.function_name,
        )
